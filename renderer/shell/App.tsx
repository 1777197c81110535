import { Tooltip } from 'radix-ui'
import { useEffect, type ReactNode } from 'react'
import { Toaster } from 'sonner'
import { FileDialogs } from '../files/FileDialogs.tsx'
import { FileDrop } from '../files/FileDrop.tsx'
import { GalleryDialog } from '../gallery/GalleryDialog.tsx'
import { Welcome } from '../gallery/Welcome.tsx'
import { RunInputsDialog } from '../runs/RunInputsDialog.tsx'
import { RunNodeDialog } from '../runs/RunNodeDialog.tsx'
import { TrustDialog } from '../runs/TrustDialog.tsx'
import { SettingsDialog } from '../settings/SettingsDialog.tsx'
import { useSettings } from '../settings/settingsStore.ts'
import { isDirty, useDocuments } from '../state/documentStore.ts'
import { registerAppCommands } from './appCommands.ts'
import { CommandPalette } from './CommandPalette.tsx'
import { ErrorBoundary } from './ErrorBoundary.tsx'
import { Frame } from './Frame.tsx'
import { ShortcutSheet } from './ShortcutSheet.tsx'
import styles from './App.module.css'
import { useView } from './viewStore.ts'

interface AppProps {
  readonly canvas: ReactNode
  readonly library: ReactNode
}

/** The whole window. The engine and the session are started outside of it (`startSession`). */
export function App({ canvas, library }: AppProps) {
  useEffect(registerAppCommands, [])
  useTitle()
  return (
    <Tooltip.Provider delayDuration={450} skipDelayDuration={200}>
      <ErrorBoundary what="The window">
        <Frame
          canvas={<ErrorBoundary what="The canvas">{canvas}</ErrorBoundary>}
          library={library}
          welcome={<Welcome />}
        />
        <CommandPalette />
        <ShortcutSheet />
        <GalleryDialog />
        <SettingsDialog />
        <FileDialogs />
        <RunInputsDialog />
        <RunNodeDialog />
        <TrustDialog />
        <FileDrop />
      </ErrorBoundary>
      <Toasts />
    </Tooltip.Provider>
  )
}

/** Messages stand over the canvas' lower right corner, where they hide no panel. */
function Toasts() {
  const theme = useSettings((settings) => settings.theme)
  const open = useDocuments((state) => state.active !== undefined)
  const bottom = useView((view) => (view.consoleOpen ? view.consoleSize : 0))
  const right = useView((view) => (view.rightOpen ? view.rightSize : 0))
  const offset = open ? { bottom: bottom + 38, right: right + 12 } : { bottom: 38, right: 12 }
  return (
    <Toaster
      theme={theme}
      position="bottom-right"
      closeButton
      className={styles['toaster'] ?? ''}
      toastOptions={{ className: styles['toast'] ?? '' }}
      offset={offset}
    />
  )
}

/** The window's title says which flow is open, and honestly whether it is saved. */
function useTitle(): void {
  const title = useDocuments((state) => {
    const document = state.active === undefined ? undefined : state.documents[state.active]
    return document ? `${isDirty(document) ? '● ' : ''}${document.flow.name} – Switchyard` : 'Switchyard'
  })
  useEffect(() => {
    document.title = title
  }, [title])
}
