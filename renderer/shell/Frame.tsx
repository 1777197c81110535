import { useRef, type ReactNode } from 'react'
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
import { useView, viewStore } from './viewStore.ts'
import { ViewingFrame } from './ViewingFrame.tsx'

interface FrameProps {
  readonly canvas: ReactNode
  readonly library: ReactNode
  /** Shown in place of the canvas while no flow is open. */
  readonly welcome: ReactNode
}

/** The window's layout: bar, left panel, canvas, inspector, console, footer. */
export function Frame({ canvas, library, welcome }: FrameProps) {
  const wide = useMediaQuery('(min-width: 1440px)')
  const open = useDocuments((state) => state.active !== undefined)
  const consoleOpen = useView((view) => view.consoleOpen)
  const leftOpen = useView((view) => view.leftOpen)
  const leftSize = useView((view) => view.leftSize)
  return (
    <div className={styles['frame']}>
      <TopBar leadWidth={wide && leftOpen ? leftSize : 140} />
      <div className={styles['work']}>
        {!(wide && leftOpen) && <Rail open={leftOpen && !wide} />}
        {!wide && leftOpen && <Flyout library={library} />}
        <Group orientation="vertical" className={styles['group']}>
          <Panel id="upper" minSize={240}>
            <Upper left={wide && leftOpen ? <LeftPanel library={library} /> : undefined} right={open}>
              <main className={styles['centre']} data-panel="canvas" aria-label="Canvas">
                {open && <TrustBanner />}
                <div className={styles['canvas']}>
                  {open ? canvas : welcome}
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

/** The left panel over the canvas, where the window is too narrow to give it a place of its own. */
function Flyout({ library }: { readonly library: ReactNode }) {
  const width = useView((view) => view.leftSize)
  return (
    <div
      className={styles['flyout']}
      style={{ width }}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) viewStore.setState({ leftOpen: false })
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
          <SidePanel id="left" size="leftSize" min={200} max={420} onCollapse={() => viewStore.setState({ leftOpen: false })}>
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
          <SidePanel id="right" size="rightSize" min={280} max={720} onCollapse={() => viewStore.setState({ rightOpen: false })}>
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
      <SidePanel id="console" size="consoleSize" min={120} max={640} onCollapse={() => viewStore.setState({ consoleOpen: false })}>
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
