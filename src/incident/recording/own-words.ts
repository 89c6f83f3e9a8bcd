/**
 * The words of which findings, events and verdicts are made. In a redacted recording all others may be names of somebody, and go. A word that is
 * missing here is only harder to read there.
 */
export const ownWords: ReadonlySet<string> = new Set(
	`
a abort about above access account acknowledge acknowledged acknowledges acl act action actions active acts add added address addresses adds
administrator affair affected after again age agent ago agree alike all allkeys allocator allowed allows almost alone already also although among an
and anew another answer answered answers any anybody anything aof apart append appendonly application are argument arguments as ask asked asking asks
assigned at attaches attempt attempts audit auth average away back bad batch bc be became because become becomes been before began begin begins begun
behind being belong below best between beyond bgsave big blank blocked blocking blocks both break breakers bring broke broken brought buffer buffers
bull bullmq burst busy but by bytes c cache call called caller calls came can cannot carried carries case cc certificate change changed changes
characters check checks child children choice chosen circuit ckquorum claim clean clear clearable cli client clients clock close closed closes closing
cluster clusterdown code cold come comes command commands compare complete completed component computes conf config confirmed connect connected
connecting connection connections connects console consoles cont container convert copies copy core cost costs could count counted counting counts
coverage covered cpu crash crashed cursor d dashboards data database dataset db dead debug declare declared default del delayed delete deleted deletes
deleting deletions deployed depth df dialog did differ difference differently dir disconnected disk distance do docker doctor does done down drain
drains drop drops dry dryrun due e eacces each early effect either elect elected else elsewhere emptied empties empty end ended ends enough enter
entries err error esc estimate estimated evalsha even event events ever every everybody everything evict evicted evicting eviction evictions evicts
executed executes exist exit expect expects expires expiring exported f facts fail failed failing failover fails failure failures fallen falling falls
far faster fastest fault fc few fewer fifth figure figures file files filled fills filter find finding finds finish finished finishes firewall first
fit fix fixed flag flow flows flush flushall flushdb folder follow followed followers follows for forgets forgotten fork forked forks form found
fragmented fragments free freed from fsync full function further g gains gave gb get gets gib give given gives go goes going gone good got group
grouped groups grow growing grown grows growth guarded guess h ha had half hand handshake hang has have having health heard heavy held hello here high
higher history hit hold holders holds hook host how http huge i id idle ids if ignore import in included includes info inprog inside instead
instructions interval into is it its itself jemalloc job jobs joined journalctl judged k kb keep keeps kept kernel key keys kib kill killed kills kind
kinds know known knows kubectl kubernetes lag large largest last lasted lasts late latency later latest leader leads leak leaks least leave leaves
left len less lesser let lets lfu libc libraries library lie lies like likely limit limited limitnofile limits line lines link list listed listening
listens lists little live lives load loaded loading local lock locked locks log logfile logged login logs long longer longest look looked looking
looks loop lose loses loss lost lrange lru lua m machine made major majority majors make makes many mark marked marker marks masked master masterauth
masterdown masters match matches matching matter matters max maxclients maxed maxmemory maxstalledcount may maybe mb mean meant meanwhile measured
measuring median memory mend mended meta mib microseconds middle might migrate milliseconds min minute minutes misconf miss missing mixed module
moment monitor monitoring monitors more most mostly move moved moving ms much multi must n name named names narrower near nearly needed needs neither
network never new newer newest next night no noauth nobody node nodes noeviction nogoodslave none noperm nor noreplicas nosave noscript not notbusy
note noted nothing noticed now nowhere nul number o obeys observer odown of off offered often ok old older oldest on once one ones online only oom
open opened opens operator ops or order ordinary other others out outcome output outside over overdue overloaded overview overwrites overwritten own
owner p pace page pages pairs palette pane parent parents part pass passed passes password passwords past path pattern pause paused pauses pc peak per
perhaps permission persistence person pib ping place points policy poll polling pong pool pools port possibly prefix prefixes press previous
priorities prioritized priority probes process processor producer producers program programs promised promote promoted protocol provider proxy ps
publish published purge pushed put puts query queue queues queuescheduler quick quorum r raise raised ran random range rate reach reached reaches read
readable reading readonly reads really reason reasons received reckoned reconnect reconnects recorded records recover recovers recovery redis rediscli
rediss refuse refused refuses release relies remove removed removes renamed renew replaced replaces replica replicaof replicas replication replied
replies reply requests require reset resident resolve rest restart restarted restarts restored result resume resumed resumes retried retries retry
retrying returns reverse rewrite rewritten right rights risk rl role roll room round rounds route row run running runs s safer said sake same sample
save saved saves saving say says scan scheduled scheduler screen script scripts scroll sdown search searched second seconds secrets section see seem
seen sees select selected sends sent sentinel sentinels serve served server serves service sessions set setuser several shape shapes shared shell
short shorter should show shown shows shutdown sight silence silent since size skipped slave slaves slices slot slots slow slower slowest slowlog
slowly small smaller snapshot snapshots so socket some somebody something soon sooner sort source speak speaks spikes stale stalled stalls stand
stands start started starts stat state statistics status stay stays steady step still stood stop stopped stops string stuck subscriber subscribers
succeeds such supervisor survey suspected swapdb swapping swaps switch switched sync synced synchronisation systemctl systemd t take taken takeover
takes talk target tb tcp tell tells ten than that the their theirs them themselves then there these they thing this those though threshold through
throughput throws tilt time timeline timeout times tls to today together told tomorrow too took tool top total touched towards trace tracking traffic
triage tried tries trust try ttl turn turned turns twice two type types u ulimit unblock under understood undo undone uneven unfinished unkillable
unknown unless unlink unpause unreachable unread until up ups url us usable usage use used user users uses usual v valid valkey value values vanish
variables verified version view visible volatile vote votes wait waiting waits walk wanted wants was watch watches way wchan we well went were what
whatever when where whether which whichever while who whoever whole whom whose why wild will wins with within without woken word words work worker
workers works worse worst would write writes written wrong wrongpass wrote yes yet you z zero
`
		.trim()
		.split(/\s+/),
);
