import {PaneBox, type PaneProps} from '../frame/pane-box.tsx';

export function TimelinePane(props: PaneProps) {
	return <PaneBox content={{title: '6 Timeline', right: '', lines: []}} props={props} />;
}
