import {Box, Text, useInput, usePaste} from 'ink';
import {crampedContexts} from './hooks/key-contexts.ts';
import {useConsole} from './hooks/use-console.ts';
import {type KeyName, toKeyNames} from './keymap/keys.ts';
import {Body} from './views/body.tsx';
import {FindingsStrip} from './views/frame/findings-strip.tsx';
import {Footer, NoticeLine} from './views/frame/footer.tsx';
import {IdentityLine} from './views/frame/identity-line.tsx';
import {isTooSmall, leastSize, screenLayout} from './views/frame/screen-layout.ts';
import {TabsLine} from './views/frame/tabs-line.tsx';
import {VitalsLines} from './views/frame/vitals-lines.tsx';
import {Dialog} from './views/overlays/dialog.tsx';

type Props = {
	readonly onKeys: (keys: readonly KeyName[]) => void;
	readonly onPaste: (text: string) => void;
};

/** The whole screen, and the only place that hears the keyboard. */
export function App({onKeys, onPaste}: Props) {
	useInput((input, key) => onKeys(toKeyNames(input, key)));
	usePaste(onPaste);
	const {columns, rows} = useConsole(state => state.ui.size);
	const hasDialog = useConsole(state => state.ui.dialog !== undefined);
	const quitKey = useConsole(state => (crampedContexts(state).includes('cramped') ? 'q' : 'Ctrl-C'));

	if (isTooSmall({columns, rows})) {
		const needed = `${leastSize.columns}x${leastSize.rows}`;
		return <Text>{`redis-triage needs ${needed}, this is ${columns}x${rows}: ${quitKey} quits`}</Text>;
	}
	const {vitalRows, bodyRows} = screenLayout({columns, rows}, hasDialog);
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<IdentityLine width={columns} />
			<VitalsLines width={columns} rows={vitalRows} />
			<FindingsStrip width={columns} />
			{hasDialog ? null : <TabsLine width={columns} />}
			<Box height={bodyRows} flexDirection="column" flexShrink={0}>
				{hasDialog ? <Dialog width={columns} /> : <Body width={columns} height={bodyRows} />}
			</Box>
			<NoticeLine width={columns} />
			<Footer width={columns} />
		</Box>
	);
}
