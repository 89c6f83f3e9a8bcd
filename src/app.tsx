import {Box, Text, useInput, usePaste} from 'ink';
import {useConsole} from './hooks/use-console.ts';
import {type KeyName, toKeyNames} from './keymap/keys.ts';
import {Body} from './views/body.tsx';
import {FindingsStrip} from './views/frame/findings-strip.tsx';
import {Footer, NoticeLine} from './views/frame/footer.tsx';
import {IdentityLine} from './views/frame/identity-line.tsx';
import {TabsLine} from './views/frame/tabs-line.tsx';
import {VitalsLines} from './views/frame/vitals-lines.tsx';
import {Dialog} from './views/overlays/dialog.tsx';

type Props = {
	readonly onKeys: (keys: readonly KeyName[]) => void;
	readonly onPaste: (text: string) => void;
};

/** Smaller than this nothing useful fits. */
const least = {columns: 60, rows: 16};

/** The whole screen, and the only place that hears the keyboard. */
export function App({onKeys, onPaste}: Props) {
	useInput((input, key) => onKeys(toKeyNames(input, key)));
	usePaste(onPaste);
	const {columns, rows} = useConsole(state => state.ui.size);
	const dialog = useConsole(state => state.ui.dialog);

	if (columns < least.columns || rows < least.rows) {
		return <Text wrap="truncate">{`redis-triage needs ${least.columns}x${least.rows}, this is ${columns}x${rows}`}</Text>;
	}
	const vitalRows = rows >= 30 && columns >= 100 ? 2 : 1;
	const bodyRows = rows - vitalRows - 5;
	return (
		<Box flexDirection="column" width={columns} height={rows}>
			<IdentityLine width={columns} />
			<VitalsLines width={columns} rows={vitalRows} />
			<FindingsStrip width={columns} />
			<TabsLine width={columns} />
			<Box height={bodyRows} flexDirection="column" flexShrink={0}>
				{dialog ? <Dialog width={columns} height={bodyRows} dialog={dialog} /> : <Body width={columns} height={bodyRows} />}
			</Box>
			<NoticeLine width={columns} />
			<Footer width={columns} />
		</Box>
	);
}
