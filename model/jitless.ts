import { z } from 'zod'

/**
 * Keeps zod from compiling schemas to functions: no process of the product makes code from text. Zod asks when a schema
 * is made, so every module that makes one imports this module, or one that does.
 */
z.config({ jitless: true })
