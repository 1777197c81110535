import { useEffect, useRef, useState, type ReactNode } from 'react'
import { Group, Panel, Separator, type PanelImperativeHandle, type PanelSize } from 'react-resizable-panels'
import { Console } from '../console/Console.tsx'
import { Inspector } from '../inspector/Inspector.tsx'
import { useDocuments } from '../state/documentStore.ts'
import styles from './Frame.module.css'
import { Footer } from './Footer.tsx'
import { LeftPanel, Rail } from './LeftPanel.tsx'
import { TopBar } from './TopBar.tsx'
import { TrustBanner } from './TrustBanner.tsx'
import { useMediaQuery } from './useMediaQuery.ts'
import { useView, viewStore, wideQuery } from './viewStore.ts'
import { ViewingFrame } from './ViewingFrame.tsx'

interface FrameProps {
  readonly canvas: ReactNode
  readonly library: ReactNode
  /** Shown in place of the canvas while no flow is open. */
  readonly welcome: ReactNode
}

/** The window's layout: bar, left panel, canvas, inspector, console, footer. */
export function Frame({ canvas, library, welcome }: FrameProps) {
  const wide = useMediaQuery(wideQuery)
  const open = useDocuments((state) => state.active !== undefined)
  const consoleOpen = useView((view) => view.consoleOpen)
  const leftOpen = useView((view) => view.leftOpen)
  const leftSize = useView((view) => view.leftSize)
  return (
    <div className={styles['frame']}>
      <TopBar leadWidth={wide && leftOpen ? leftSize : 140} />
      <div className={styles['work']}>
        {!(wide && leftOpen) && <Rail wide={wide} />}
        <Group orientation="vertical" className={styles['group']}>
          <Panel id="upper" minSize={240} className={styles['upper']}>
            {!wide && <Flyout library={library} />}
            <Upper left={wide && leftOpen ? <LeftPanel library={library} /> : undefined} right={open}>
              <main
                className={styles['centre']}
                data-panel="canvas"
                aria-label="Canvas"
                onPointerDown={() => viewStore.setState({ flyoutOpen: false })}
              >
                {open && <TrustBanner />}
                <div className={styles['canvas']}>
                  {open ? <Settled>{canvas}</Settled> : welcome}
                  {open && <ViewingFrame />}
                </div>
              </main>
            </Upper>
          </Panel>
          {open && consoleOpen && <ConsolePanel />}
        </Group>
      </div>
      <Footer />
    </div>
  )
}

/** Draws its children once the panels round it have their sizes: a canvas fits its flow to the space it first sees. */
function Settled({ children }: { readonly children: ReactNode }) {
  const [settled, setSettled] = useState(false)
  useEffect(() => {
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => setSettled(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  return settled ? children : null
}

/** The left panel over the canvas, where the window is too narrow to give it a place of its own. */
function Flyout({ library }: { readonly library: ReactNode }) {
  const width = useView((view) => view.leftSize)
  const open = useView((view) => view.flyoutOpen)
  if (!open) return null
  return (
    <div
      className={styles['flyout']}
      style={{ width }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) viewStore.setState({ flyoutOpen: false })
      }}
    >
      <LeftPanel library={library} />
    </div>
  )
}

interface UpperProps {
  readonly left: ReactNode
  readonly right: boolean
  readonly children: ReactNode
}

function Upper({ left, right, children }: UpperProps) {
  const rightOpen = useView((view) => view.rightOpen)
  return (
    <Group orientation="horizontal" className={styles['group']}>
      {left !== undefined && (
        <>
          <SidePanel
            id="left"
            size="leftSize"
            min={200}
            max={420}
            onCollapse={() => viewStore.setState({ leftOpen: false })}
          >
            {left}
          </SidePanel>
          <Separator className={styles['vertical']} />
        </>
      )}
      <Panel id="centre" minSize={360}>
        {children}
      </Panel>
      {right && rightOpen && (
        <>
          <Separator className={styles['vertical']} />
          <SidePanel
            id="right"
            size="rightSize"
            min={280}
            max={720}
            onCollapse={() => viewStore.setState({ rightOpen: false })}
          >
            <Inspector />
          </SidePanel>
        </>
      )}
    </Group>
  )
}

function ConsolePanel() {
  return (
    <>
      <Separator className={styles['horizontal']} />
      <SidePanel
        id="console"
        size="consoleSize"
        min={120}
        max={640}
        onCollapse={() => viewStore.setState({ consoleOpen: false })}
      >
        <Console />
      </SidePanel>
    </>
  )
}

interface SidePanelProps {
  readonly id: string
  readonly size: 'leftSize' | 'rightSize' | 'consoleSize'
  readonly min: number
  readonly max: number
  readonly onCollapse: () => void
  readonly children: ReactNode
}

/** A panel of remembered pixel size, which closes when it is dragged shut. */
function SidePanel({ id, size, min, max, onCollapse, children }: SidePanelProps) {
  const initial = useRef(viewStore.getState()[size])
  const panel = useRef<PanelImperativeHandle>(null)
  const resized = ({ inPixels }: PanelSize) => {
    if (panel.current?.isCollapsed()) onCollapse()
    else if (inPixels >= min) viewStore.setState({ [size]: Math.round(inPixels) })
  }
  return (
    <Panel
      id={id}
      panelRef={panel}
      defaultSize={initial.current}
      minSize={min}
      maxSize={max}
      collapsible
      collapsedSize={0}
      groupResizeBehavior="preserve-pixel-size"
      onResize={resized}
    >
      {children}
    </Panel>
  )
}
