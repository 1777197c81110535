import { type Node, type NodeProps, ReactFlow } from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import { useEffect } from 'react'
import { CardHandles } from '../canvas/CardHandles.tsx'
import { type CardGeometry, cardGeometry, streamBoxHeight } from '../canvas/cardGeometry.ts'
import { CardView } from '../canvas/CardView.tsx'
import { LodCard } from '../canvas/LodCard.tsx'
import { LevelContext, levelAt, useLevel } from '../canvas/lod.ts'
import { nodeFace } from '../canvas/nodeFace.ts'
import { StreamBox } from '../canvas/StreamBox.tsx'
import { useCanvas } from '../canvas/canvasStore.ts'
import { useFonts } from '../canvas/useFonts.ts'
import styles from './CardsPage.module.css'
import { type Sample, samples } from './samples.ts'

type SampleNode = Node<{ readonly sample: Sample; readonly geometry: CardGeometry }, 'sample'>

const columns = 6
const columnWidth = 300
const gapY = 56

function SampleCard({ data }: NodeProps<SampleNode>) {
  const { sample, geometry } = data
  const level = useLevel()
  const view = {
    face: nodeFace(sample.node),
    geometry,
    run: sample.run,
    selected: sample.selected === true,
    disabled: sample.node.disabled === true,
    pinned: sample.pinned === true,
    breakpoint: sample.breakpoint === true,
    edited: sample.edited === true,
    problems: sample.problems,
  }
  return (
    <div className={styles['root']}>
      {level === 'full' ? (
        <CardView
          {...view}
          statusLine={sample.stream && 'turn 2 of 8'}
          body={sample.stream && <StreamBox text={sample.stream} />}
        />
      ) : (
        <LodCard {...view} block={level === 'block'} />
      )}
      {level === 'full' && <CardHandles handles={geometry.handles} />}
    </div>
  )
}

const nodeTypes = { sample: SampleCard }

function geometryOf(sample: Sample): CardGeometry {
  const face = nodeFace(sample.node)
  return cardGeometry({
    label: face.title,
    subtitle: face.subtitle,
    inputs: face.inputs,
    outputs: face.outputs,
    supplies: face.supplies,
    mayFail: face.mayFail,
    errorWired: sample.errorWired === true,
    maySupply: face.maySupply,
    supplier: sample.supplier === true,
    stateShown: sample.run !== undefined,
    bodyHeight: sample.stream === undefined ? 0 : streamBoxHeight,
    unfolded: sample.unfolded === true,
  })
}

/** Cards in columns, each under the last one of its column. */
function placed(): SampleNode[] {
  const bottoms = new Array<number>(columns).fill(0)
  return samples.map((sample, index) => {
    const geometry = geometryOf(sample)
    const column = index % columns
    const y = bottoms[column] ?? 0
    bottoms[column] = y + geometry.height + gapY
    const { width, height } = geometry
    return {
      id: sample.id,
      type: 'sample',
      position: { x: column * columnWidth, y },
      data: { sample, geometry },
      width,
      height,
    }
  })
}

/** Every card in every state, at one zoom: looked at by people, measured by a test. */
export function CardsPage({ zoom }: { readonly zoom: number }) {
  useFonts()
  const generation = useCanvas((state) => state.fontGeneration)
  const nodes = placed()
  const height = Math.max(...nodes.map((node) => node.position.y + (node.height ?? 0))) * zoom + 120
  useEffect(() => {
    document.documentElement.style.setProperty('--unzoom', String(1 / zoom))
    document.body.style.overflow = 'auto'
  }, [zoom])
  return (
    <LevelContext value={levelAt(zoom)}>
      <div
        className={styles['page']}
        style={{ height, width: columns * columnWidth * zoom + 80 }}
        data-ready={generation > 0 || undefined}
      >
        <ReactFlow<SampleNode>
          key={generation}
          nodes={nodes}
          edges={[]}
          nodeTypes={nodeTypes}
          defaultViewport={{ x: 40, y: 40, zoom }}
          nodesDraggable={false}
          panOnDrag={false}
          zoomOnScroll={false}
          preventScrolling={false}
          proOptions={{ hideAttribution: true }}
        />
      </div>
    </LevelContext>
  )
}
