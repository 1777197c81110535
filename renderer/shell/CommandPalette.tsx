import { Command } from 'cmdk'
import { CornerDownLeft, LayoutTemplate, Search, Settings, Workflow } from 'lucide-react'
import { Dialog as Radix } from 'radix-ui'
import { useEffect, useState, type ReactNode } from 'react'
import { formatAgo } from '../controls/format.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { openFile, openTemplate } from '../files/documents.ts'
import { useFiles } from '../files/fileStore.ts'
import { runCommand, useCommandViews } from '../keymap/commands.ts'
import { KindIcon } from '../palette/KindIcon.tsx'
import { viewRun } from '../runs/pastRuns.ts'
import { RunGlyph, runWords } from '../runs/runLook.tsx'
import { useActiveDocument } from '../state/documentStore.ts'
import { useRuns } from '../state/runStore.ts'
import { selectionStore } from '../state/selectionStore.ts'
import styles from './CommandPalette.module.css'
import { closeDialog, openDialog, useDialog, type SettingsPage } from './dialogStore.ts'
import { attempt } from './report.ts'

/** One list over everything: commands, nodes, flows, templates, runs, settings. */
export function CommandPalette() {
  const open = useDialog('palette') !== undefined
  const [search, setSearch] = useState('')
  useEffect(() => {
    if (open) setSearch('')
  }, [open])
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && closeDialog()}>
      <Radix.Portal>
        <Radix.Overlay className={styles['overlay']} />
        <Radix.Content className={styles['palette']} aria-describedby={undefined}>
          <Radix.Title className="visually-hidden">Search everything</Radix.Title>
          <Command loop label="Search everything">
            <div className={styles['search']}>
              <Search size={16} />
              <Command.Input
                className={styles['input']}
                value={search}
                onValueChange={setSearch}
                placeholder="Search commands, nodes, flows, templates, runs, settings"
              />
            </div>
            <Command.List className={styles['list']}>
              <Command.Empty className={styles['empty']}>Nothing is called so.</Command.Empty>
              <Commands />
              <Nodes search={search} />
              <Flows />
              <Templates />
              <Runs />
              <SettingsPages />
            </Command.List>
          </Command>
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

interface EntryProps {
  readonly id: string
  readonly icon: ReactNode
  readonly label: string
  readonly aside?: ReactNode
  readonly keywords?: string[]
  readonly onSelect: () => void
}

function Entry({ id, icon, label, aside, keywords = [], onSelect }: EntryProps) {
  const select = () => {
    closeDialog()
    // The dialog gives the focus back first; a command that moves the focus then has the last word.
    setTimeout(onSelect, 0)
  }
  return (
    <Command.Item className={styles['item']} value={`${label} ${id}`} keywords={keywords} onSelect={select}>
      <span className={styles['icon']}>{icon}</span>
      <span className={styles['label']}>{label}</span>
      {aside !== undefined && <span className={styles['aside']}>{aside}</span>}
    </Command.Item>
  )
}

function Commands() {
  const commands = useCommandViews().filter(
    (command) => command.enabled && !command.hidden && command.id !== 'view.palette',
  )
  return (
    <Command.Group heading="Commands" className={styles['group']}>
      {commands.map((command) => (
        <Entry
          key={command.id}
          id={command.id}
          icon={<CornerDownLeft size={14} />}
          label={command.label}
          keywords={[command.group]}
          aside={command.shownKeys[0] === undefined ? undefined : <kbd>{command.shownKeys[0]}</kbd>}
          onSelect={() => runCommand(command.id)}
        />
      ))}
    </Command.Group>
  )
}

/** Nodes offered at once: a flow may have thousands, and the list ranks all that it is given. */
const nodeLimit = 60

function Nodes({ search }: { readonly search: string }) {
  const nodes = useActiveDocument((document) => document.flow.nodes)
  if (!nodes) return null
  const wanted = search.toLowerCase()
  const found = Object.entries(nodes)
    .map(([id, node]) => ({ id, node, face: nodeFace(node) }))
    .filter(({ id, node, face }) => `${id} ${node.kind} ${face.title} ${face.subtitle}`.toLowerCase().includes(wanted))
    .slice(0, nodeLimit)
  return (
    <Command.Group heading="Nodes of this flow" className={styles['group']}>
      {found.map(({ id, node, face }) => {
        return (
          <Entry
            key={id}
            id={`node:${id}`}
            icon={<KindIcon name={face.icon} size={15} />}
            label={face.title}
            aside={<code>{id}</code>}
            keywords={[id, node.kind, face.subtitle]}
            onSelect={() => selectionStore.getState().reveal(id)}
          />
        )
      })}
    </Command.Group>
  )
}

function Flows() {
  const files = useFiles((state) => state.files)
  return (
    <Command.Group heading="Flows" className={styles['group']}>
      {files.map(({ path }) => (
        <Entry
          key={path}
          id={`file:${path}`}
          icon={<Workflow size={15} />}
          label={path}
          onSelect={() => attempt(`open ${path}`, () => openFile(path))}
        />
      ))}
    </Command.Group>
  )
}

function Templates() {
  const templates = useFiles((state) => state.templates)
  return (
    <Command.Group heading="Templates" className={styles['group']}>
      {templates.map((template) => (
        <Entry
          key={template.name}
          id={`template:${template.name}`}
          icon={<LayoutTemplate size={15} />}
          label={template.title}
          keywords={[template.description]}
          onSelect={() => attempt('open the template', () => openTemplate(template.name))}
        />
      ))}
    </Command.Group>
  )
}

function Runs() {
  const runs = useRuns((state) => state.list)
  const open = async (path: string, runId: string) => {
    if (await openFile(path)) viewRun(path, runId)
  }
  return (
    <Command.Group heading="Runs" className={styles['group']}>
      {runs.slice(0, 20).map((run) => (
        <Entry
          key={run.runId}
          id={`run:${run.runId}`}
          icon={<RunGlyph status={run.status} />}
          label={run.name}
          keywords={['run', run.status, run.flow]}
          aside={`${runWords(run.status)}, ${formatAgo(run.startedAt, Date.now())}`}
          onSelect={() => attempt('open the run', () => open(run.flow, run.runId))}
        />
      ))}
    </Command.Group>
  )
}

const settingsPages: readonly { page: SettingsPage; label: string; keywords: string[] }[] = [
  {
    page: 'models',
    label: 'Settings: Models and providers',
    keywords: ['openai', 'ollama', 'anthropic', 'key', 'base url', 'connection test'],
  },
  { page: 'secrets', label: 'Settings: Secrets', keywords: ['key', 'token', 'password'] },
  { page: 'network', label: 'Settings: Network', keywords: ['proxy', 'certificate', 'CA', 'private'] },
  { page: 'appearance', label: 'Settings: Appearance', keywords: ['theme', 'dark', 'light'] },
]

function SettingsPages() {
  return (
    <Command.Group heading="Settings" className={styles['group']}>
      {settingsPages.map(({ page, label, keywords }) => (
        <Entry
          key={page}
          id={`settings:${page}`}
          icon={<Settings size={15} />}
          label={label}
          keywords={keywords}
          onSelect={() => openDialog({ type: 'settings', page })}
        />
      ))}
    </Command.Group>
  )
}
