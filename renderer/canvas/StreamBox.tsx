import styles from './StreamBox.module.css'

/** Height of the box on a card, its margin included. */
export const streamBoxHeight = 72

const shownCharacters = 400

/** The end of a text that is being streamed: the newest three lines. */
export function StreamBox({ text }: { readonly text: string }) {
  return (
    <div className={styles['box']} title={text.slice(-2000)}>
      <div className={styles['window']}>
        <div className={styles['text']}>{text.slice(-shownCharacters)}</div>
      </div>
    </div>
  )
}
