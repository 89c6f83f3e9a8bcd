// Written by scripts/known-scripts.mjs: change that, not this.

/** How many leading hex digits of a SHA-1 are kept. */
export const shaPrefixLength = 12;

/** Library → script → how its SHA-1 began in each version that changed it, separated by blanks. */
export const knownScriptShas: Readonly<Record<string, Readonly<Record<string, string>>>> = {
	Bull: {
		addJob: '27ea40f2e444 5a77c1408a88 72296f9cbe7b 8f55ae4a3be4',
		addWorkerData: '034b4a01f452',
		cleanJobsInSet: '5cf0cdc72e77 7825e9dfe2d1 83ac3edd708f aa9a013e4ef6',
		extendLock: '6a65f96b064f a9cd753661d7 c6ed452951e8',
		getCountsPerPriority: 'da044f0edf01',
		getOrSetRepeatKey: 'd08b9847d0bb',
		isFinished: '74c8631221de d0be884f692c',
		isJobInList: '7e0a31ef114b',
		moveStalledJobsToWait: '1d6752e83482 8f164ba1ad6f a4a736ae46aa b52af7a3cde0 ff9c18634832',
		moveToActive: '0b46c57bf142 35a42b6e9b3f 5bf9083c794d',
		moveToDelayed: '301e478c9cd4 35b18ac067f2 746b66d4047e 7fae58ea76f6 e5200ec8694b',
		moveToFinished: '22a492f0713a 455e3543523f 7a8889ff9bce b621e0d9acfa bafa8a35784c c5d631348eb3',
		obliterate: '0072e22255b9 31db53435a67 6f2ed8855499 9a64d4813b55',
		pause: '8a2dec07ccce b5c132cc42af e2ddbd9fca73',
		promote: '00cdb888b8a7 1f1f759d5518',
		releaseLock: '543e449927c2 eaf7d8b7cbe9',
		removeJob: '451d4221d6a7 559d48818aea 56c863200c95 d6d9e1992271',
		removeJobs: '274fb8234958 861a68c53fd5',
		removeRepeatable: '4c65f1e9f1d3 845b90e1a239',
		reprocessJob: '3447b63fe99d 3b39a2178fb7 5086cd33de50 c3357655b7a4',
		retryJob: '322f32adbd16 994d9d7c1672 acf013768fd4',
		retryJobs: '610ad36ecbde b3f3e6c63a9e e8da6f47b08a',
		saveStacktrace: '23996046b5a6',
		takeLock: '6d3dc0632cac f121e6c1f500',
		updateDelaySet: '8b912cdc5b4c f217e2fcd686 f7a4e2e3f583',
		updateProgress: 'd40dd344d4fe dabbb2936c90',
	},
	BullMQ: {
		addDelayedJob: `
061089382a29 06d4f5e167f9 109f323f2c88 1496c14db8eb 181f145077a0 196b09e8a633 28d826f4b47e 3670026bc1e4 3ed9158db5b3 473f9e23e34e
5539962cc9e9 574e658e5fea 5bbe1ec278fe 604e0a2321f7 6e5ce8d7bbfc 6f151095285f 77c864aeec87 81698fd2d28e 825fa56cca22 a13472ad73fd
a46a9fed8fab ab3a8adecf02 caf1799bc52e d39aeff37368 e8642a786127 eaca371bf33a ef55a5770d2c f5012d7265b7 f7d512022be1
`,
		addJob: '1c926c29ef58 20d8ff82678b 2dc3ae2a9294 4e1516c18cc8 5b2b5ebf27a7 6c25fa0b8bf8 9ee56e7ec0c9 b7393870797e fbca9a6624fc',
		addJobScheduler: `
0fc4af29f08e 0fd511aacf70 1d7340943b3d 1e2ff46ad67d 1e992332256a 26166e92cdeb 2d98ca6ceca2 2e5072c366c3 373dd5ff5b30 3a61beeee831
47511f62a2b7 548a58a98de1 74d70b862478 75ae973f0a75 820f8e20fc25 998dca3a190f a5a24f643c02 c1124f3db381 d6d20c01bc97 e39bb6349ae5
ef72f0d66fac fa6f0584a970
`,
		addParentJob: `
05a4ad194aae 1045e6ed6982 1912d75a6289 1d3906fe68f8 31b4439974ca 329d227debcf 477ed12ee342 501f1122c074 5202f022c53d 6a252783b0c0
8b4682aa7778 9cd737a3b514 a3e94a77591b a55347959a73 ac5fdccb4666 ad00a92ad4a6 ad0738f83a3d b075781e46a1 b38dd3ce40ee cb88bd0c4fb4
cdea4d3344b0 da73a59b3470 ddb1954e81cd eaec2bf999eb ec2e6289ba76 ec5a2ee369d1 feb9d8d67e72 ff9694131995
`,
		addPrioritizedJob: `
01675dce4c45 01e81f298dd7 0b373c213380 297607565436 299880da0f75 3a84ec2dbee5 411a6d03c2e6 4690582ac519 6521874143b0 7bd0d7e618ce
7fe9ddf68548 8036011c642c 8300823b546e 840cf612b9e4 9941c303fd1c a2ded941c8ad a3772fe10c53 abc25f4c59e7 c3cfa32582f9 c55fc7559d55
c6a83a14aa58 e35cd10084af ebd26196d1f5 eddb00108fd6 ef679b814e5e f47eb9bdf7fa f8e172e52de5 fa12c5e7c683
`,
		addRepeatableJob: `
0b66c526da08 0dfc32551172 14b49f8fe03d 2625782980f0 3be59ca854ca 5f2501125f45 65a69ba0ff45 7906f840b8c8 a02e528ac4c9 c01242e2652a
dbae784cfdfe e5761020314b
`,
		addStandardJob: `
10f8d228e89e 25810ba02c08 2cb9e2b9ecd5 2d7dd7dc9e64 35b8ff7b8ddd 5ab432e88830 77c7f1ac05bd 7c65bc011f4a 808626431266 862060edc7fa
8fb5163d74bb 95711cd3cf60 9b67b263800b 9bddfae19cf4 9e68e111f2ce a2746c9c49a8 a7b39766da8f c90318128cfa c95b6be40a28 cba5ee328262
d898c9a1b24a d961aae0df15 e33b7b6b7196 e67a595f4c2c eb02ce061d34 ef2d92037181 f8843d48db1d fa5857122325
`,
		changeDelay: '07bbf1dc476d 07d545e91738 1bbd3a4e6273 4c52dfa48a7b 75ad19a71f40 ad0acb000c3f cc26f4a5d839 d7704f63de52 de220c4e0e17',
		changePriority: `
0712f368ed58 35fbc2569911 3951d4d94718 51b2e9771d46 7bf179f40a75 9a7a135c5ceb cd411790726e d1c98954d061 d60b3f4bdacc d7319e45c487
e338c0572a61
`,
		cleanJobsInSet: `
09b628830caa 1a81e85ab6be 1bf8c6ccb2ee 279e6e26a359 27b9f27f96bf 3335b8443079 347dfb71d98c 44522e23a51b 4973d3184da3 4b8e41b8aa2c
57fc0acded21 720d973b3877 7d10323fcf64 86b3deb372d2 8a498cb80a0a 99c388ce9935 b000fc20fab8 b369947d14ec b888b13ae805 c280ac1422f8
d4b4530a1de2 f00a1190b161
`,
		drain: `
171eb71c2b48 20be961c0fcd 2a185635fb72 2e3d2277043c 315f9e6f35b4 41f225eacd7a 42d413878e1a 453b3c98006b 45721dcf2fe6 5c052e910d54
5dbdc752289b 6de3c6cbe4c2 788f4275c784 a5c124fc85b4 ac0394b805ab ac6d51dc1b10 bdfc1cbd0574 c152d8b520d1 c7786397397a cde4aa2dbd6d
f15f317877fd f77cc1b9281f
`,
		extendLock: '99b6eb3d7a47 dc9605328a4c',
		extendLocks: 'c35baf769e5d cc4eded989ba',
		getCounts: '705dea099608 a8034c631460 c3492fe177eb',
		getCountsPerPriority: '0d3cc488e178 15fe3b282563 1c543ebce8eb e9e4419cecac',
		getDependencyCounts: 'eb499927f69f',
		getJobScheduler: '6fa777040226',
		getJobs: '2c21b4165511',
		getMetrics: '4a4a04e44406',
		getRanges: '20a2b757f485 7c8c4addce82 8ead3c08a7bd',
		getRateLimitTtl: '2fc89305bc3c 92372d939896',
		getState: '3e90cb373821 4fe1319d75d7 596d4fc776df 710980757ae7 8857a088a855',
		getStateV2: '10f26fb06c88 148bbb03d000 5e107aa7dd12 f7064020cc18',
		isFinished: '33f7e6ddf1cc c7546914a739 dbc6fb94d856 fdea3cb84e6f',
		isJobInList: '0949ff9d2fb7 7fafc57c0644',
		isMaxed: '915456b98cef',
		moveJobFromActiveToWait: `
07f685cac98c 1fde6ac07644 2f1751976984 2f746a769bc3 546b74fe67e4 70bb0fa71704 b03b05474dc8 b664c961d847 bc25728eda56 c36f024f1767
eae6802cc870 ff593227b800
`,
		moveJobsToWait: '41ef39832ac9 4c38bc426eaf 655fa4396927 9dc8f3f21258 ab1630dee9f3 bc8c0fb29388 fe063e383b7c',
		moveStalledJobsToWait: `
115e234075aa 167ba3a5d842 1e9bb7deb621 278065558a6c 37d0144c4a7b 47f0fd02f754 4d3d690062d8 527168573ecc 56a9d6e4fc97 5e7047d3845f
73eadbeb0aad 75f883eae3c5 7ee422a91ed0 825733b9e4d0 890be59efdd6 8a02a8e22bec 9264ff1dc3e7 9b89fb70f619 9cafb5464f12 a2b97b03b7d2
adaa0633d7a8 ae2f0a0842c6 b588db2e6f10 b6441576c426 b6938258108d b8c8950186e8 c480b7562b8b c8e735ef3e7d cdb00e235fa8 d20467878e8f
ec0b79b1c9cb ed285e7ef314
`,
		moveToActive: `
04bc84f52b5c 0f9d5669744a 119c7f6f10c6 135a97538ee3 21d4171c163a 3434c9fbf5ca 3567ef34749b 39f51e876ead 4d2e3f91a0e0 4d7b090b56fe
6c4c6de2bece 8132a03ea2e2 8eb09338a4d6 accb36ea979f ae0f33afda1e b4cd4bbdf096 bc344bc0c3d1 bd7972a6768f c7dfdf24d9f5 d0041432e9e3
d96ca626f1ea db2c0af67b6a dc0642eca4b6 ef9feb35a83f f704eadb7d71 f7a840e31d3f
`,
		moveToDelayed: `
0630ab77dd67 2ee2d13db512 3ce8b870ab50 50f67b9ae294 5a1d3a3e49c6 5c299bf80c87 65e81fdce375 6c29f9c5a078 8d84d4ccbe1e 96ff711b2200
9f83944d6eda a577c3b62255 a7ee3700c315 a7f46269462b b54cf2d23990 b61581811f61 bfd84da31fd1 d38534cd0ca4 e1407e98d336 f0f78e52f46d
f909a46b3c02 fca4d1545747
`,
		moveToFinished: `
0b7bd48fc19c 0d7471bd1120 11d69c87800e 13f217bbf05a 1666f83c0276 1d13358642ec 1f54b32f8722 248fd6ba28a0 279f89e99acd 2ec154ea2593
303794c450bb 311e14455c97 34969c17b662 360cd6c84423 37120cc31eb0 4716ed5bf29c 54e880e7aee2 560199762fb8 58fd83bba89f 5cb78e79b426
665f3bc3d486 691501833708 69666e69dd56 83810f8ca075 85c6970570fd 97262c7f09ac 9858328f0f3a 9d5ec1157786 aa1d3c9c6c4f ac6eda8493b2
ad2108d6beeb c69297812080 c6d82cd03893 cc54ad919f8d cf9b064ce150 def4c7241404 e8677e58bb59 e8fd402642fd e943ee890109 ef8026138136
f140445e29ec f9db90fbdce0 fd2e512816a4
`,
		moveToWaitingChildren: `
00f6de48353f 0356767264b5 3e31dd45e8f5 5368d724ba47 6973c26e3288 7124b81d934c 75f1d20fdb87 b1f037608c2b bbb6163481b4 c53e70beece0
e786379ced6e
`,
		obliterate: `
048970d75d73 053fbe3eecf7 19edc39644b7 2a5b342dc449 2e9132e624e8 3534eec13164 373cd9298170 528af4a5dffb 550cfa9a1b29 5cf3fa769701
8b58050abf94 997f2c21297f a69abc169ac8 b5e55563e808 b8c747a0e356 bc70c0250b44 c04bb977e4c2 c0d37cc334f5 c71f533b47e3 d65ab5b133bd
ea65bca6df1f f0eebe0e3638 f63a39a4d054
`,
		paginate: '24e0a4e97b78',
		pause: `
064029011815 222d7dd26552 2604ce8949cd 298a45c71e68 51dd6f2f2546 662da6dc59fe 6e2cbcccef6a 8c25f7be363d b4514f4b3966 b5e8cf4d8b11
f6e53d983d9a
`,
		promote: `
1cc41285a3a4 1d740f19fe98 2e9d0af24b99 3b1d1df758d3 45d4fd18970f 494df440a22d 53ab4f8913cc 5c01cbefc22d 6252d02fa685 68508d8dbe4e
6cd9ecad19b3 8caed527f094 93f771b24775 9460dad9f136 b93f12f4df14 c4970e591c55 d228190aab0f
`,
		relayAckInbox: 'abd7e936e55a',
		relayDeleteRetained: '9216bb728b79',
		relayGet: '6666ae59f08c b76fe671e4c8',
		relayGetNamespaces: '89ad271ed0da d4451239d13c',
		relayHeartbeat: '4f2528c6590c',
		relayPublish: '986fc3d43ee7',
		relayReadInbox: 'a3bdef6bddee',
		relayRegisterNode: 'd0648fa7d321',
		relayRemoveEndpoint: 'fe617ca9ea1b',
		relaySubscribe: 'ae5c4509ec12',
		relaySweep: '1a53bb9107fc',
		relayTouchNamespace: '945a3e6308cb',
		relayTrimInbox: 'd6609dd56f7e',
		relayUnregisterNode: '4bc90f6b2ea5',
		releaseLock: '8193548d62b0 aa94dc35fb8a',
		releaseParentIfNoPendingDependencies: '83e68e262893',
		removeChildDependency: '021c1c50d627 91d0d0ceb4fd 9550e608db92 cf7c7293189a d70501046f16 d797627f66fc eea304ffe195',
		removeDeduplicationKey: '9ddd27ba08a7',
		removeJob: `
0e88a01418fa 28038eee8140 38ac81732224 3af7a0bd3824 540da4127e46 574af105e7df 5a24f6704344 628a0337f5f9 6529877cecdb 652cad4a5039
66b18af25a9e 6ab3da66c701 715c994029cd 735935c0c63e 8308504b2756 8cbee6d209d5 8d55114c3739 8dcb9de08a62 9e8fc3e53b6c a8efce614955
aa8829f29531 acd547c6971a b53840a884ff bdc4faabaff1 dacdd0e2e5e5 fdd8132fcc46
`,
		removeJobScheduler: '97fea9880555 9abbafb2928c b68502558f85',
		removeOrphanedJobs: 'cc9ac326ca56',
		removeRepeatable: '0f52657cfc4b 3cb5ae40fe09 57ca80a5ff2c 8b7754dbe8ee 9611e143c800 de6145b3549e',
		removeUnprocessedChildren: '020bdcd26ebc 373f58ada770 46901e8e267e 6650cb38cb39 6c2bf9284f8f 730e0bb4be1f 783d1b077937 b0d5272db7b1',
		reprocessJob: `
04e0e829e08b 08a410aa376b 0b92dc751c2b 1323ff649a78 298407d4e331 29a46bfb3da9 517c48da52ee 7d14d3fc6b6b 8dda09f0ada3 96e361da5ee3
c84d1392710a cfa968970bd2 e20af47084c4
`,
		retryJob: `
181fa9c12ef0 24f12d66bfff 29ddbf473c35 3e1c5dc6a12d 4500167f688c 46b9d54d99fe 6076d6fc973c 6fee61d6626a 812d06de3eaf 8cabebd7c3ba
94ad3b35f9d2 9d03f58f6ab6 da2d4fc8ed62 daeef6b2ecf8 dba9616dde79 e3c834113607 e62c281a38c7 ecb7ff7182eb ef6f97cdd792
`,
		retryJobs: '2271095adccf 604417655a34 b9081bb0d42d',
		saveStacktrace: '8f66cff3c530 ab2818154a3f',
		takeLock: '2a7354290da6',
		updateData: '0af231b874ef',
		updateDelaySet: '180b4d722aff 4701874c1616 488736e0c3ed',
		updateJobOption: '03691d12e8d0',
		updateJobScheduler: `
07d4772dcfeb 0ce0790125e0 13eaacba9e95 23f1219eeec1 4cd51a198cee 4da21b4a6efa 568868f89f8c 7238894a3271 8dfbaeb56634 988720a89f53
a61b93f55d6a ea73f95cbc21
`,
		updateProgress: '3992a5e275af a15bb8e81ebe a36f3345f643 bfe704d1649c ddd7da9c6be4 e992d1814b86',
		updateRepeatableJobMillis: '18e65990db4c 5a9eaaaaaa44',
	},
	'BullMQ/Bull': {
		addLog: 'eecb06ad6c96',
		extendLock: '8205aab1137a',
		isJobInList: '82cbb92bba99',
		releaseLock: 'b92b329e6dc2',
		takeLock: 'aaacb270f3dc',
		updateData: '12a42ffd90c4',
	},
};
