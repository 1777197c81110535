import type { SafeStorage } from 'electron'
import type { Keychain } from './engineHost.ts'

type SystemStorage = Pick<
  SafeStorage,
  'isAsyncEncryptionAvailable' | 'encryptStringAsync' | 'decryptStringAsync' | 'getSelectedStorageBackend'
>

/**
 * The system's keychain through Electron. Refused where it would only pretend: on Linux without a keyring, Electron
 * "encrypts" with a password that stands in its own source.
 */
export async function openKeychain(storage: SystemStorage, platform: NodeJS.Platform): Promise<Keychain | undefined> {
  if (!(await storage.isAsyncEncryptionAvailable())) return undefined
  if (platform === 'linux' && ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend())) return undefined
  return {
    encrypt: async (text) => (await storage.encryptStringAsync(text)).toString('base64'),
    decrypt: async (text) => (await storage.decryptStringAsync(Buffer.from(text, 'base64'))).result,
  }
}
