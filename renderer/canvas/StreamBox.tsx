import clsx from 'clsx'
import styles from './StreamBox.module.css'

const shownCharacters = 400

interface StreamBoxProps {
  readonly text: string
  /** Stands above the card, where there is no room for the card to grow. */
  readonly floating?: boolean
}

/** The end of a text that is being streamed: the newest three lines. */
export function StreamBox({ text, floating = false }: StreamBoxProps) {
  return (
    <div className={clsx(styles['box'], floating && styles['floating'])} title={text.slice(-2000)}>
      <div className={styles['window']}>
        <div className={styles['text']}>{text.slice(-shownCharacters)}</div>
      </div>
    </div>
  )
}
