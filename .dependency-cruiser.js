/**
 * The walls between the parts: who may import whom, and which libraries each folder may use. Everything that is not
 * allowed here is forbidden. Kinds are reached by `import.meta.glob`, which this tool does not see;
 * tests/rules/globs.test.ts lists the files that may do that.
 */

const uiLibraries = [
  '@fontsource-variable/inter',
  '@fontsource-variable/jetbrains-mono',
  '@tanstack/react-virtual',
  '@xyflow/react',
  'clsx',
  'cmdk',
  'elkjs',
  'lucide-react',
  'monaco-editor',
  'radix-ui',
  'react',
  'react-dom',
  'react-resizable-panels',
  'sonner',
  'zustand',
]

/**
 * One row per folder, most specific first; a file belongs to the first row that matches it.
 * `sources` are paths of ours, `libraries` are packages, `node` says whether Node's modules may be used.
 */
const folders = [
  { name: 'model', files: '^model/', sources: ['^model/'], libraries: ['zod', 'acorn'] },
  { name: 'spec', files: '^nodes/[^/]+/spec\\.ts$', sources: ['^model/'], libraries: ['zod'] },
  {
    name: 'card',
    files: '^nodes/([^/]+)/card\\.tsx$',
    sources: ['^nodes/$1/spec\\.ts$', '^renderer/sdk/', '^model/'],
    libraries: ['react'],
  },
  { name: 'executor', files: '^nodes/([^/]+)/', sources: ['^nodes/$1/', '^model/', '^engine/sdk/'], libraries: [] },
  { name: 'renderer-sdk', files: '^renderer/sdk/', sources: ['^renderer/sdk/', '^model/'], libraries: ['react'] },
  {
    name: 'renderer',
    files: '^renderer/',
    sources: ['^renderer/', '^model/', '^nodes/[^/]+/(spec\\.ts|card\\.tsx)$'],
    libraries: [...uiLibraries, 'zod', '@cfworker/json-schema'],
  },
  { name: 'engine-sdk', files: '^engine/sdk/', sources: ['^engine/sdk/', '^model/'], libraries: ['zod'] },
  {
    name: 'compile',
    files: '^engine/compile/',
    sources: ['^engine/compile/', '^model/', '^nodes/[^/]+/spec\\.ts$'],
    libraries: ['xstate', 'zod'],
  },
  {
    name: 'run',
    files: '^engine/run/',
    sources: ['^engine/(run|compile|sdk|store|services)/', '^engine/kinds\\.ts$', '^model/'],
    libraries: ['xstate', 'zod', 'ulidx', '@cfworker/json-schema'],
    node: true,
  },
  {
    name: 'store',
    files: '^engine/store/',
    sources: ['^engine/(store|sdk)/', '^model/'],
    libraries: ['zod', 'ulidx'],
    node: true,
  },
  {
    name: 'services',
    files: '^engine/services/',
    sources: ['^engine/(services|sdk|store|settings|workspace)/', '^engine/run/runHost\\.ts$', '^model/'],
    libraries: [
      'zod',
      'openai',
      'undici',
      'execa',
      'quickjs-wasi',
      'ipaddr.js',
      'picomatch',
      'tinyglobby',
      '@cfworker/json-schema',
      'ulidx',
    ],
    node: true,
  },
  {
    name: 'engine',
    files: '^engine/',
    sources: ['^engine/', '^model/', '^nodes/'],
    libraries: ['zod', 'commander', 'picocolors', 'ws', 'chokidar', 'ulidx', '@cfworker/json-schema', 'tinyglobby'],
    node: true,
  },
  {
    name: 'electron',
    files: '^electron/',
    sources: ['^electron/', '^model/'],
    libraries: ['electron', 'zod'],
    node: true,
  },
]

const testFiles = '\\.test\\.tsx?$'
const ours = '^(model|nodes|renderer|engine|electron)/'

const packages = (names) =>
  `(^|/)node_modules/(@types/)?(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})/`
const unresolved = (names) => `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})(/|$)`

function wall(folder, earlier) {
  const allowed = [...folder.sources, packages(folder.libraries), unresolved(folder.libraries)]
  return {
    name: `wall-${folder.name}`,
    comment: `${folder.name} imports something outside its row of the table of walls`,
    severity: 'error',
    from: { path: folder.files, pathNot: [testFiles, ...earlier] },
    to: {
      pathNot: allowed.filter((path) => !path.includes('()')),
      ...(folder.node ? { dependencyTypesNot: ['core'] } : {}),
    },
  }
}

/** Rows further up the table are narrower: `engine` means the engine's files that no other row names. */
const walls = folders.map((folder, index) =>
  wall(
    folder,
    folders
      .slice(0, index)
      .map((other) => other.files)
      .filter((files) => files !== folder.files),
  ),
)

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...walls,
    {
      name: 'no-runtime-cycles',
      severity: 'error',
      from: { path: ours },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'kinds-never-import-kinds',
      severity: 'error',
      from: { path: '^nodes/([^/]+)/' },
      to: { path: '^nodes/', pathNot: ['^nodes/$1/'] },
    },
    {
      name: 'kinds-by-glob-only',
      comment: 'a host that imports one kind by name would have to change when a kind is added',
      severity: 'error',
      from: { path: '^(renderer|engine)/', pathNot: testFiles },
      to: { path: '^nodes/' },
    },
    {
      name: 'xstate-types-only-in-compile',
      severity: 'error',
      from: { path: '^engine/', pathNot: ['^engine/run/', testFiles] },
      to: { path: '(^|/)node_modules/xstate/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'electron-in-entries-only',
      comment: 'importing electron without its binary starts a download: everything else takes it as a parameter',
      severity: 'error',
      from: { path: '^electron/', pathNot: ['^electron/(main|preload)\\.ts$', testFiles] },
      to: { path: '(^|/)node_modules/electron/|^electron$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'product-never-imports-tests',
      severity: 'error',
      from: { path: ours, pathNot: testFiles },
      to: { path: `^tests/|${testFiles}` },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: { path: ours },
      to: { couldNotResolve: true, pathNot: '^electron$' },
    },
    {
      name: 'shipped-code-needs-shipped-packages',
      comment: 'what the engine imports at run time stands in dependencies, since its build leaves packages outside',
      severity: 'error',
      from: { path: '^(engine|model)/', pathNot: [testFiles, '^engine/compile/machine\\.ts$'] },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsPreCompilationDeps: 'specify',
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
    cache: false,
  },
}
