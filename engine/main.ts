import { engineProcess } from './api/engineProcess.ts'

// Entry of the engine process: a child process of the browser host, a utility process of the desktop shell.
await engineProcess(process.argv.slice(2))
