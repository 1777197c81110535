/** Values shorter than this are left alone: replacing them would tear innocent text apart. */
const shortestRedacted = 6

/** Replaces known secret values, also Base64 and URL-encoded, by `[secret name]`. The second line of defence only. */
export class Redactor {
  readonly #replacements = new Map<string, string>()

  add(name: string, value: string): void {
    if (value.length < shortestRedacted) return
    const base64 = Buffer.from(value).toString('base64')
    const forms = [
      value,
      encodeURIComponent(value),
      base64,
      base64.replace(/=+$/, ''),
      Buffer.from(value).toString('base64url'),
    ]
    for (const form of forms) this.#replacements.set(form, `[secret ${name}]`)
  }

  text(text: string): string {
    let redacted = text
    for (const [value, replacement] of this.#replacements) redacted = redacted.replaceAll(value, replacement)
    return redacted
  }

  /** The same bytes where nothing was found. Bytes are compared as such, so binary content comes through unharmed. */
  bytes(bytes: Uint8Array): Uint8Array {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const isFound = [...this.#replacements.keys()].some((value) => buffer.includes(value))
    return isFound ? Buffer.from(this.text(buffer.toString('latin1')), 'latin1') : bytes
  }
}
