import { expect, it } from 'vitest'
import { Redactor } from './redactor.ts'

const secret = 'canary/+= 4711'

function redactor(): Redactor {
  const made = new Redactor()
  made.add('token', secret)
  return made
}

it('replaces a value in clear, URL-encoded and as Base64', () => {
  const base64 = Buffer.from(secret).toString('base64')
  for (const form of [
    secret,
    encodeURIComponent(secret),
    base64,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
  ]) {
    expect(redactor().text(`<${form}>`)).toMatch(/^<\[secret token\]=*>$/)
  }
})

it('leaves bytes without a secret as they are, and others but for the secret', () => {
  const plain = Uint8Array.of(0, 255, 128, 10)
  expect(redactor().bytes(plain)).toBe(plain)
  const mixed = Buffer.concat([plain, Buffer.from(secret), plain])
  expect(Buffer.from(redactor().bytes(mixed))).toEqual(Buffer.concat([plain, Buffer.from('[secret token]'), plain]))
})

it('does not tear texts apart for the sake of a short value', () => {
  const made = new Redactor()
  made.add('pin', '12')
  expect(made.text('12 of 1200')).toBe('12 of 1200')
})

it('finds a value in a text that comes in pieces, and passes the rest on without waiting', () => {
  const text = `before ${secret} between canary/ and ${secret}can`
  for (let size = 1; size <= 20; size++) {
    const pieces: string[] = []
    const stream = redactor().stream((piece) => pieces.push(piece))
    for (let at = 0; at < text.length; at += size) stream.write(text.slice(at, at + size))
    expect(pieces.join('')).toBe('before [secret token] between canary/ and [secret token]')
    stream.end()
    expect(pieces.join('')).toBe('before [secret token] between canary/ and [secret token]can')
  }
})
