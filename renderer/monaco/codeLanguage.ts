/** What an editor is asked to write: a JavaScript function's body, one expression, or JSON. */
export type CodeLanguage = 'javascript' | 'expression' | 'json'
