import { attempt } from '../shell/report.ts'
import { changeSettings, useSettings } from './settingsStore.ts'
import styles from './SettingsDialog.module.css'

const themes = [
  { theme: 'system', label: 'As the system', samples: ['light', 'dark'] },
  { theme: 'light', label: 'Light', samples: ['light'] },
  { theme: 'dark', label: 'Dark', samples: ['dark'] },
] as const

/** Light, dark, or as the system is. */
export function AppearancePage() {
  const current = useSettings((settings) => settings.theme)
  return (
    <section className={styles['section']}>
      <h3>Theme</h3>
      <div className={styles['themes']} role="radiogroup" aria-label="Theme">
        {themes.map(({ theme, label, samples }) => (
          <button
            key={theme}
            type="button"
            role="radio"
            aria-checked={current === theme}
            className={styles['theme']}
            onClick={() => attempt('change the theme', () => changeSettings({ theme }))}
          >
            <span className={styles['sample']}>
              {samples.map((sample) => (
                <span key={sample} data-theme={sample} />
              ))}
            </span>
            {label}
          </button>
        ))}
      </div>
    </section>
  )
}
