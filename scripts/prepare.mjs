// Runs after `npm ci`, and once more when `npx switchyard` links the package: builds, unless the build is that of these sources.
import { setup } from '../tests/support/buildOnce.ts'

setup()
