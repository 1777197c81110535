import { runCommandLine } from './cli/commandLine.ts'

// Entry of the command line. Everything a command needs is loaded when it is run.
await runCommandLine(process.argv.slice(2))
