import { CircleQuestionMark, icons, type LucideIcon } from 'lucide-react'

const byName: ReadonlyMap<string, LucideIcon> = new Map(Object.entries(icons))

function pascalCase(name: string): string {
  return name.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
}

interface KindIconProps {
  /** Name of a lucide icon in kebab case, as specs give it. */
  readonly name: string
  readonly size?: number
}

/** The glyph that stands for a node kind. */
export function KindIcon({ name, size = 16 }: KindIconProps) {
  const Icon = byName.get(pascalCase(name)) ?? CircleQuestionMark
  return <Icon size={size} strokeWidth={1.75} aria-hidden />
}
