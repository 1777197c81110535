import { Search } from 'lucide-react'
import { useState } from 'react'
import { type NodeSpec, paletteGroups } from '../../model/nodeSpec.ts'
import { kindDragType } from '../canvas/gestures/dragKind.ts'
import { addFromLibrary } from '../canvas/gestures/addFromLibrary.ts'
import { kinds } from '../kinds.ts'
import { keyLabel } from '../keymap/commands.ts'
import { KindIcon } from './KindIcon.tsx'
import styles from './LibraryPanel.module.css'
import { rankLabel } from './rank.ts'

/** Kinds that fit what is typed, best first. */
function matching(search: string): NodeSpec[] {
  return [...kinds.values()]
    .map((spec) => ({ spec, rank: rankLabel(spec.palette.label, search, [spec.kind, ...spec.palette.keywords]) }))
    .filter(({ rank }) => rank > 0)
    .sort((a, b) => b.rank - a.rank)
    .map(({ spec }) => spec)
}

/** The node kinds, to be searched, dragged onto the canvas, or added with a click. */
export function LibraryPanel() {
  const [search, setSearch] = useState('')
  const found = matching(search)
  return (
    <div className={styles['library']}>
      <label className={styles['search']}>
        <Search size={15} aria-hidden />
        <input
          type="search"
          placeholder="Find a node"
          aria-label="Find a node"
          value={search}
          onChange={(event) => {
            setSearch(event.target.value)
          }}
          onKeyDown={(event) => {
            const [first] = found
            if (event.key === 'Enter' && first && search !== '') addFromLibrary(first)
          }}
        />
        <kbd>{keyLabel('add.node')}</kbd>
      </label>
      <div className={styles['groups']}>
        {paletteGroups.map((group) => (
          <Group key={group} name={group} specs={found.filter((spec) => spec.palette.group === group)} />
        ))}
        {found.length === 0 && <p className={styles['empty']}>No node is called “{search}”.</p>}
      </div>
    </div>
  )
}

function Group({ name, specs }: { readonly name: string; readonly specs: readonly NodeSpec[] }) {
  if (specs.length === 0) return null
  return (
    <section>
      <h3 className={styles['heading']}>{name}</h3>
      <ul>
        {specs.map((spec) => (
          <li key={spec.kind}>
            <KindRow spec={spec} />
          </li>
        ))}
      </ul>
    </section>
  )
}

function KindRow({ spec }: { readonly spec: NodeSpec }) {
  const { label, icon, summary } = spec.palette
  return (
    <button
      type="button"
      className={styles['row']}
      draggable
      title={summary}
      data-kind={spec.kind}
      onDragStart={(event) => {
        event.dataTransfer.setData(kindDragType, spec.kind)
        event.dataTransfer.effectAllowed = 'copy'
      }}
      onClick={() => {
        addFromLibrary(spec)
      }}
    >
      <span className={styles['tile']}>
        <KindIcon name={icon} size={15} />
      </span>
      {label}
    </button>
  )
}
