import { Play } from 'lucide-react'
import { useState } from 'react'
import type { JsonObject } from '../../model/json.ts'
import { Button } from '../controls/Button.tsx'
import { Dialog } from '../controls/Dialog.tsx'
import { closeDialog, useDialog } from '../shell/dialogStore.ts'
import { documentStore } from '../state/documentStore.ts'
import { inputFields, inputProblems } from './inputSchema.ts'
import { rememberedInput, runWith } from './runCommands.ts'
import { SchemaForm } from './SchemaForm.tsx'

/** Asks for the inputs of a run, by a form made from the flow's input schema. */
export function RunInputsDialog() {
  const request = useDialog('run-inputs')
  return request ? <InputsForm key={request.path} path={request.path} /> : null
}

function InputsForm({ path }: { readonly path: string }) {
  const flow = documentStore.getState().documents[path]?.flow
  const [input, setInput] = useState<JsonObject>(() => rememberedInput(path))
  const [tried, setTried] = useState(false)
  const problems = inputProblems(flow?.inputs, input)
  const run = () => {
    setTried(true)
    if (problems.length > 0) return
    closeDialog()
    runWith(path, input)
  }
  return (
    <Dialog
      open
      onClose={closeDialog}
      title={`Run ${flow?.name ?? 'flow'}`}
      description="What this run works on. The values are kept for the next run."
      footer={
        <>
          <Button look="plain" onClick={closeDialog}>
            Cancel
          </Button>
          <Button look="primary" type="submit" form="run-inputs">
            <Play size={14} />
            Run
          </Button>
        </>
      }
    >
      <form
        id="run-inputs"
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
          // Neither the form's own sending nor the command of this key may run it a second time.
          event.preventDefault()
          run()
        }}
      >
        <SchemaForm
          fields={inputFields(flow?.inputs)}
          value={input}
          onChange={setInput}
          problems={tried ? problems : []}
        />
      </form>
    </Dialog>
  )
}
