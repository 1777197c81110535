import type { Executor } from '../../engine/sdk/executor.ts'

export const execute: Executor = ({ prev }) => Promise.resolve({ output: prev })
