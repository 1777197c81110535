import { CircleHelp } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../controls/Button.tsx'
import { TextArea } from '../controls/inputs.tsx'
import { parseJson } from '../controls/parseJson.ts'
import { resolveUnknown, type Resolution } from '../runs/runRepairs.ts'
import { attempt } from '../shell/report.ts'
import styles from './UnknownBox.module.css'

interface UnknownBoxProps {
  readonly runId: string
  /** Node path. */
  readonly node: string
}

/** Asks a person what became of an effect that began and left no result. EXECUTION.md 8.2. */
export function UnknownBox({ runId, node }: UnknownBoxProps) {
  const [text, setText] = useState<string>()
  const value = text === undefined ? undefined : parseJson(text)
  const decide = (decision: Resolution) => attempt('answer', () => resolveUnknown(runId, node, decision))
  return (
    <div className={styles['box']} role="alert">
      <p>
        <CircleHelp size={15} />
        <strong>Did it happen?</strong>
      </p>
      <p>
        The program ended while this step was under way, and repeating it might do harm. Look where it acts, then say:
      </p>
      {text === undefined ? (
        <div className={styles['actions']}>
          <Button size="s" onClick={() => decide({ type: 'retry' })}>
            It did not: run it
          </Button>
          <Button size="s" onClick={() => setText('{}')}>
            It did: give its output …
          </Button>
          <Button size="s" look="danger" onClick={() => decide({ type: 'fail' })}>
            Let it fail
          </Button>
        </div>
      ) : (
        <>
          <TextArea
            mono
            rows={5}
            autoFocus
            aria-label="Output as JSON"
            value={text}
            onChange={setText}
            aria-invalid={value ? undefined : true}
          />
          <div className={styles['actions']}>
            <Button
              size="s"
              look="primary"
              disabled={!value}
              onClick={() => value && decide({ type: 'value', output: value.value })}
            >
              Go on with this output
            </Button>
            <Button size="s" look="plain" onClick={() => setText(undefined)}>
              Back
            </Button>
          </div>
        </>
      )}
    </div>
  )
}
