import {PaneBox, type PaneProps} from '../frame/pane-box.tsx';

export function HaPane(props: PaneProps) {
	return <PaneBox content={{title: '5 HA', right: '', lines: []}} props={props} />;
}
