import { Play } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { TextArea } from '../controls/inputs.tsx'
import { parseJson } from '../controls/parseJson.ts'
import { closeDialog, useDialog } from '../shell/dialogStore.ts'
import { runNode } from './runCommands.ts'

/** Asks what a node that runs alone shall get as its input. */
export function RunNodeDialog() {
  const request = useDialog('run-node')
  if (!request) return null
  return <NodeInput key={request.node} path={request.path} node={request.node} initial={request.input} />
}

function NodeInput({
  path,
  node,
  initial,
}: {
  readonly path: string
  readonly node: string
  readonly initial: unknown
}) {
  const [text, setText] = useState(initial === undefined ? '{}' : JSON.stringify(initial, null, 2))
  const parsed = parseJson(text)
  const run = () => {
    if (!parsed) return
    closeDialog()
    runNode(path, node, parsed.value)
  }
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={`Run ${node} alone`}
      description="Paste what comes in, as JSON. Expressions read it as prev; other nodes keep the outputs of the run shown."
      footer={
        <>
          <Button look="plain" onClick={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" disabled={!parsed} onClick={run}>
            <Play size={14} />
            Run node
          </Button>
        </>
      }
    >
      <TextArea
        mono
        rows={12}
        aria-label="Input as JSON"
        value={text}
        onChange={setText}
        aria-invalid={parsed ? undefined : true}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          // Neither the form's own sending nor the command of this key may run it a second time.
          event.preventDefault()
          run()
        }}
      />
      {!parsed && <p role="alert">This is not JSON yet.</p>}
    </Dialog>
  )
}
