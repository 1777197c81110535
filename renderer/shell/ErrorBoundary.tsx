import { Component, type ErrorInfo, type ReactNode } from 'react'
import { Button } from '../controls/Button.tsx'
import { EmptyState } from '../controls/EmptyState.tsx'

interface ErrorBoundaryProps {
  /** What failed, for the sentence "… could not be shown". */
  readonly what: string
  readonly children: ReactNode
}

interface ErrorBoundaryState {
  readonly error: Error | undefined
}

/** Keeps a fault of one part from taking the window with it; work is safe in the edit journal. */
export class ErrorBoundary extends Component<ErrorBoundaryProps, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined }

  static getDerivedStateFromError(error: unknown): ErrorBoundaryState {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(this.props.what, error, info.componentStack)
  }

  override render(): ReactNode {
    const { error } = this.state
    if (!error) return this.props.children
    return (
      <EmptyState
        title={`${this.props.what} could not be shown`}
        action={
          <div style={{ display: 'flex', gap: 8 }}>
            <Button onClick={() => this.setState({ error: undefined })}>Try again</Button>
            <Button look="plain" onClick={() => window.location.reload()}>
              Reload the window
            </Button>
          </div>
        }
      >
        This is a fault of Switchyard, not of your flow: “{error.message}”. Your edits are in the journal and come back
        after a reload.
      </EmptyState>
    )
  }
}
