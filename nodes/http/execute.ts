import { NodeFailure } from '../../model/failure.ts'
import type { BlobRef } from '../../model/events.ts'
import type { Json, JsonObject } from '../../model/json.ts'
import { isJsonObject } from '../../model/json.ts'
import type { SecretRef } from '../../model/secretRef.ts'
import { isSecretRef } from '../../model/secretRef.ts'
import type { Executor } from '../../engine/sdk/executor.ts'
import type { HttpRequest, HttpResponse } from '../../engine/sdk/services.ts'
import { parseSettings } from '../../engine/sdk/settings.ts'
import { readAnswer } from './readAnswer.ts'
import { settings } from './spec.ts'

/** Statuses after which the same request may well succeed: timeouts, locks, rate limits; and all of 5xx. */
const retryableStatuses = [408, 425, 429]
/** Characters of an error answer's body that the failure keeps. */
const keptOfBody = 4000

export const execute: Executor = async ({ data, services, signal, key, progress }) => {
  const request = parseSettings(settings.evaluated, data)
  const method = request.method.trim().toUpperCase()
  progress.status(`${method} ${request.url}`)
  const response = await services.http.request(
    {
      method,
      url: request.url,
      query: queryPairs(request.query),
      headers: { 'idempotency-key': key, ...contentType(request.body), ...lowerCased(request.headers) },
      ...(request.body === undefined ? {} : { body: bodyOf(request.body) }),
    },
    signal,
  )
  const { status, headers } = response
  if (request.failOnStatus && status >= 400) throw statusFailure(method, request.url, response)
  return {
    output: { status, headers: { ...headers }, body: await readAnswer(response, request.response, request.url) },
  }
}

function statusFailure(method: string, url: string, response: HttpResponse): NodeFailure {
  const { status, headers } = response
  const body = new TextDecoder().decode(response.body).slice(0, keptOfBody)
  const retryable = retryableStatuses.includes(status) || status >= 500
  return new NodeFailure(`http-${status}`, `${method} ${url} answered with status ${status}.`, {
    retryable,
    details: { status, headers: { ...headers }, body },
  })
}

/** A list repeats its name; null leaves it out; objects go as JSON. */
function queryPairs(query: JsonObject): [string, string | SecretRef][] {
  return Object.entries(query).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((part): [string, string | SecretRef][] => {
      if (part === null) return []
      if (isSecretRef(part)) return [[name, part]]
      return [[name, typeof part === 'object' ? JSON.stringify(part) : String(part)]]
    }),
  )
}

function lowerCased(headers: Readonly<Record<string, string | SecretRef>>): Record<string, string | SecretRef> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

/** The content type where the author names none. Text that is a JSON document goes as JSON, as its author surely meant. */
function contentType(body: Json | undefined): Record<string, string> {
  if (body === undefined || body === null) return {}
  if (isBlobRef(body)) return { 'content-type': body.mime ?? 'application/octet-stream' }
  if (typeof body !== 'string' || isJsonDocument(body)) return { 'content-type': 'application/json' }
  return { 'content-type': 'text/plain; charset=utf-8' }
}

function bodyOf(body: Json): NonNullable<HttpRequest['body']> {
  if (body === null) return ''
  if (typeof body === 'string') return body
  return isBlobRef(body) ? { blob: body } : { json: body }
}

function isBlobRef(value: Json): value is BlobRef & JsonObject {
  return isJsonObject(value) && typeof value['$blob'] === 'string'
}

function isJsonDocument(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
