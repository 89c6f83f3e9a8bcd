import {createContext, useContext} from 'react';

/** The known name of a script by its sha1, if there is one. */
export type ScriptNames = (sha: string) => string | undefined;

export const ScriptNamesContext = createContext<ScriptNames>(() => undefined);

export const useScriptName = (): ScriptNames => useContext(ScriptNamesContext);
