import styles from './Logo.module.css'

/** The product's mark: a fork of tracks on the accent. */
export function Logo({ size = 20 }: { readonly size?: number }) {
  return (
    <svg className={styles['logo']} width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
      <rect width="20" height="20" rx="5" className={styles['tile']} />
      <path d="M6.2 8v1.2a2 2 0 0 0 2 2h3.6a2 2 0 0 0 2-2V8M10 11.2v2" className={styles['track']} />
      <circle cx="6.2" cy="6.3" r="1.7" className={styles['track']} />
      <circle cx="13.8" cy="6.3" r="1.7" className={styles['track']} />
      <circle cx="10" cy="14.6" r="1.5" className={styles['track']} />
    </svg>
  )
}
