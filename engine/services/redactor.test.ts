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
