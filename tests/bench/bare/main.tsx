import { Position, ReactFlow, useEdgesState, useNodesState, type Edge, type Node } from '@xyflow/react'
import { createRoot } from 'react-dom/client'
import '@xyflow/react/dist/style.css'

/** React Flow with its default nodes and nothing else: the floor of the canvas. `?n=1000` says how many nodes. */
const count = Number(new URLSearchParams(location.search).get('n') ?? '100')
const [width, height, columns] = [240, 56, Math.ceil(Math.sqrt(count))]

const handle = (
  position: Position,
  x: number,
): { position: Position; type: 'source' | 'target'; x: number; y: number; width: number; height: number } => ({
  position,
  type: position === Position.Right ? 'source' : 'target',
  x,
  y: height / 2,
  width: 8,
  height: 8,
})

const startNodes: Node[] = Array.from({ length: count }, (_, i) => ({
  id: `n${i}`,
  position: { x: (i % columns) * 320, y: Math.floor(i / columns) * 120 },
  data: { label: `Node ${i}` },
  width,
  height,
  measured: { width, height },
  sourcePosition: Position.Right,
  targetPosition: Position.Left,
  handles: [handle(Position.Left, 0), handle(Position.Right, width)],
}))
const startEdges: Edge[] = startNodes.slice(1).map((node, i) => ({ id: node.id, source: `n${i}`, target: node.id }))

function Bare() {
  const [nodes, , onNodesChange] = useNodesState(startNodes)
  const [edges, , onEdgesChange] = useEdgesState(startEdges)
  return (
    <ReactFlow
      nodes={nodes}
      edges={edges}
      onNodesChange={onNodesChange}
      onEdgesChange={onEdgesChange}
      onlyRenderVisibleElements
      minZoom={0.05}
    />
  )
}

const root = document.getElementById('root')
if (!root) throw new Error('The page lost its root element.')
createRoot(root).render(<Bare />)
