/** What an editor is asked to write: a JavaScript function's body, one expression, JSON, or text that may hold holes. */
export type CodeLanguage = 'javascript' | 'expression' | 'json' | 'text'
