import type {AnyAction} from '../types.ts';
import {clientSettings} from './client-settings.ts';
import {memorySettings} from './memory-settings.ts';
import {persistenceSettings} from './persistence-settings.ts';
import {slowlogSettings} from './slowlog-settings.ts';

/** CONFIG SET, with old and new value. */
export const settingActions: readonly AnyAction[] = [...clientSettings, ...memorySettings, ...slowlogSettings, ...persistenceSettings];
