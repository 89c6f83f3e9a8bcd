import {parseHostAndPort} from '../../config/host-and-port.ts';
import {address, type TcpEndpoint} from '../../redis/target.ts';
import {kindOfServer, pointedServer} from '../../store/pointed-server.ts';
import type {ConsoleStore} from '../../store/store.ts';
import {notify} from '../../store/ui-commands.ts';
import type {ActionDesk} from './action-desk.ts';
import type {Focus} from './focus.ts';

type TravelOptions = {readonly store: ConsoleStore; readonly desk: Pick<ActionDesk, 'isIdle'>; readonly focus: Pick<Focus, 'moveTo' | 'home' | 'target'>};

/** From the server that is looked at to another one of its group, and home again. Never while an action is under way: its outcome would be lost. */
export class Travel {
	readonly #options: TravelOptions;

	constructor(options: TravelOptions) {
		this.#options = options;
	}

	/** To the one that is meant where one stands. */
	goToPointed(): void {
		const {store} = this.#options;
		const where = pointedServer(store.getState());
		if (where === undefined) notify(store, 'Choose a server first: j and k in its list (5)', 'info');
		else this.goTo(where);
	}

	goTo(where: string): void {
		const {store, focus} = this.#options;
		const endpoint = parseHostAndPort(where);
		if (where === address(focus.target.endpoint)) notify(store, `This is ${where} already`, 'info');
		else if (where === address(focus.home.endpoint)) this.goHome();
		else if (!endpoint) notify(store, `There is no way to ${where}`, 'warn');
		else if (this.#mayLeave()) this.#move(endpoint);
	}

	#move(endpoint: TcpEndpoint): void {
		const {store, focus} = this.#options;
		const where = address(endpoint);
		const {home} = focus;
		const kind = kindOfServer(store.getState(), where);
		focus.moveTo(
			{...home, name: where, endpoint, db: kind === 'node' ? 0 : home.db},
			{text: `Looking at ${kind} ${where} of ${home.name}`, keepsFigures: false},
		);
		notify(store, `This is ${kind} ${where} now: actions go to it alone. Esc leads back to ${home.name}`, 'info');
	}

	goHome(): void {
		const {store, focus} = this.#options;
		const {home, target} = focus;
		if (address(home.endpoint) === address(target.endpoint) || !this.#mayLeave()) return;
		focus.moveTo(home, {text: `Looking at ${home.name} again`, keepsFigures: false});
		notify(store, `Back at ${home.name}`, 'info');
	}

	#mayLeave(): boolean {
		const {store, desk} = this.#options;
		if (desk.isIdle) return true;
		notify(store, 'Not now: an action is under way on this server, and its outcome would be lost', 'warn');
		return false;
	}
}
