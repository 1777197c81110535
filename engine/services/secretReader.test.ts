import { describe, expect, it } from 'vitest'
import { EffectSecrets, readSecretsFrom } from './secretReader.ts'

const vault = new Map([
  ['free', { value: 'value-free', hosts: [] as string[] }],
  ['bound', { value: 'value-bound', hosts: ['example.com', '127.0.0.1:8080'] }],
])
const reader = readSecretsFrom({ get: async (name) => vault.get(name) })

describe('reading secrets', () => {
  it.each(['example.com', 'EXAMPLE.com', 'api.example.com', 'example.com:8443', '127.0.0.1:8080'])(
    'lets a bound secret go to %s',
    async (host) => {
      expect(await reader.read('bound', host)).toBe('value-bound')
    },
  )

  it.each(['badexample.com', 'example.com.evil.net', '127.0.0.1:9090', '127.0.0.1', undefined])(
    'keeps it from %s',
    async (host) => {
      await expect(reader.read('bound', host)).rejects.toMatchObject({ code: 'secret-refused' })
    },
  )

  it('lets an unbound secret go anywhere and names one that is missing', async () => {
    expect(await reader.read('free', undefined)).toBe('value-free')
    await expect(reader.read('none', 'example.com')).rejects.toMatchObject({ code: 'secret-missing' })
  })

  it('fills references at any depth of a value, with their prefix', async () => {
    const secrets = new EffectSecrets(reader, 'example.com')
    const filled = await secrets.json({
      a: [{ $secret: 'free', prefix: 'Bearer ' }, 1, null],
      b: { c: { $secret: 'bound' } },
    })
    expect(filled).toEqual({ a: ['Bearer value-free', 1, null], b: { c: 'value-bound' } })
    expect(secrets.redactor.text('value-free value-bound')).toBe('[secret free] [secret bound]')
  })
})
