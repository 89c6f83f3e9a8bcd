import {PaneBox, type PaneProps} from '../frame/pane-box.tsx';

export function QueuesPane(props: PaneProps) {
	return <PaneBox content={{title: '4 Queues', right: '', lines: []}} props={props} />;
}
