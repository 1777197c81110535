import { rmSync } from 'node:fs'
import { builtinModules } from 'node:module'
import react from '@vitejs/plugin-react'
import type { EnvironmentOptions, Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const root = import.meta.dirname

/**
 * Packages that the engine loads at first need, or that read files beside their own. All others are built in: one file
 * starts three times faster than the hundred that zod alone is made of.
 */
const packagesOutside = ['electron', 'playwright-core', 'openai', 'undici', 'execa', 'chokidar', 'ws', 'quickjs-wasi']
const nodeExternals = [...packagesOutside, ...builtinModules, 'node:.*'].map((name) => new RegExp(`^${name}(/.*)?$`))

/** A part that runs on Node; names stay readable in stacks and profiles. */
function nodePart(name: string, input: Record<string, string>, format: 'es' | 'cjs' = 'es'): EnvironmentOptions {
  const extension = format === 'es' ? 'js' : 'cjs'
  return {
    consumer: 'server',
    resolve: { conditions: ['node', 'import', 'module', 'default'], noExternal: true },
    build: {
      outDir: `${root}/dist/${name}`,
      emptyOutDir: true,
      copyPublicDir: false,
      target: 'node22',
      minify: false,
      sourcemap: true,
      rolldownOptions: {
        input,
        external: nodeExternals,
        output: { format, entryFileNames: `[name].${extension}`, chunkFileNames: `chunks/[name]-[hash].${extension}` },
      },
    },
  }
}

/** tests/support/buildOnce.ts notes which sources it has built; any other build makes that note void. */
const forgetStamp: Plugin = {
  name: 'forget-stamp',
  apply: 'build',
  buildStart: () => rmSync(`${root}/dist/built.txt`, { force: true }),
}

/** One build for all parts: `vite build --app` writes dist/renderer, dist/main, dist/preload and dist/engine. */
export default defineConfig({
  root: `${root}/renderer`,
  cacheDir: `${root}/node_modules/.vite`,
  plugins: [react(), forgetStamp],
  builder: {
    async buildApp(builder) {
      const shipped = Object.entries(builder.environments).filter(([name]) => name !== 'bench')
      for (const [, environment] of shipped) await builder.build(environment)
    },
  },
  worker: { format: 'es' },
  environments: {
    client: {
      build: { outDir: `${root}/dist/renderer`, emptyOutDir: true, target: 'es2023', chunkSizeWarningLimit: 8000 },
    },
    engine: nodePart('engine', {
      main: `${root}/engine/main.ts`,
      cli: `${root}/engine/cli.ts`,
      'sandbox.worker': `${root}/engine/services/sandbox.worker.ts`,
    }),
    main: nodePart('main', { main: `${root}/electron/main.ts` }),
    // A sandboxed preload is one CommonJS file that loads nothing but electron.
    preload: nodePart('preload', { preload: `${root}/electron/preload.ts` }, 'cjs'),
    // Only `npm run bench` builds it.
    bench: nodePart('bench', { main: `${root}/tests/bench/main.ts` }),
  },
  test: {
    projects: [
      {
        extends: false,
        test: {
          name: 'unit',
          root,
          environment: 'node',
          include: [
            '{model,engine,nodes,electron}/**/*.test.ts',
            'tests/{bench,conformance,golden,property,recorded,security,rules,support}/**/*.test.ts',
          ],
        },
      },
      {
        extends: false,
        plugins: [react()],
        test: {
          name: 'renderer',
          root,
          environment: 'happy-dom',
          include: ['renderer/**/*.test.{ts,tsx}', 'nodes/**/*.test.tsx'],
        },
      },
      {
        extends: false,
        test: {
          name: 'faults',
          root,
          environment: 'node',
          include: ['tests/{faults,cli,contract}/**/*.test.ts'],
          globalSetup: ['tests/support/buildOnce.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
      {
        extends: false,
        test: {
          name: 'e2e',
          root,
          environment: 'node',
          include: ['tests/e2e/**/*.test.ts', 'tests/templates/**/*.test.ts'],
          globalSetup: ['tests/support/buildOnce.ts'],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
