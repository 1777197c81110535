import type { FlowDriver } from '../flowDriver.ts'

/** Names a provider `local` at this address in the settings, and makes its model the default; Tab leads on to the button that closes. */
export async function useLocalModel(driver: FlowDriver, baseURL: string): Promise<void> {
  const { page } = driver
  await driver.press('Control+,')
  await driver.click(page.getByLabel('Name', { exact: true }))
  await driver.type('local')
  await driver.click(page.locator('#provider-url'))
  await driver.type(baseURL)
  await driver.click(page.getByRole('button', { name: 'Add provider' }))
  await page.locator('#url-local').waitFor()
  await driver.click(page.getByLabel('Used where a node names none'))
  await driver.type('local/scripted')
  await driver.press('Tab')
  await driver.press('Enter')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
}
