import { useEffect, useState } from 'react'
import { isJsonObject, type Json } from '../../model/json.ts'
import { parseJson } from '../controls/parseJson.ts'
import { engine } from '../shell/engine.ts'
import { reportFailure } from '../shell/report.ts'
import { isPreview } from './valueRows.ts'

/** Values up to this size are fetched whole as soon as they are looked at. In characters of JSON. */
const fetchLimit = 4_000_000

/** A value, where it is only a preview fetched from the engine: the preview until the whole is there. */
export function useWholeValue(value: Json): Json {
  const hash = isPreview(value) && value.size <= fetchLimit ? value.$blob : undefined
  const [whole, setWhole] = useState<{ hash: string; value: Json }>()
  useEffect(() => {
    if (hash === undefined) return undefined
    let wanted = true
    readWhole(hash).then(
      (read) => {
        if (wanted && read) setWhole({ hash, value: read.value })
      },
      (error: unknown) => {
        if (wanted) reportFailure('read the whole value', error)
      },
    )
    return () => {
      wanted = false
    }
  }, [hash])
  return whole && whole.hash === hash ? whole.value : value
}

/** The whole of a value that an event carries as a preview. Rejects as the request does. */
export async function readWhole(hash: string): Promise<{ readonly value: Json } | undefined> {
  const { text } = await engine().request('value.read', { hash })
  return parseJson(text)
}

/** A value with every preview in it, however deep, replaced by its whole. Rejects as the requests do. */
export async function resolveWhole(value: Json): Promise<Json> {
  if (isPreview(value)) {
    const whole = await readWhole(value.$blob)
    return whole ? whole.value : value
  }
  if (Array.isArray(value)) return Promise.all(value.map(resolveWhole))
  if (!isJsonObject(value)) return value
  const parts = await Promise.all(
    Object.entries(value).map(async ([key, part]) => [key, await resolveWhole(part)] as const),
  )
  return Object.fromEntries(parts)
}

/** A value as text for the clipboard: text as it is, all else as JSON, complete. */
export async function wholeText(value: Json): Promise<string> {
  const whole = await resolveWhole(value)
  return typeof whole === 'string' ? whole : JSON.stringify(whole, null, 2)
}
