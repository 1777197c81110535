/** Parts of the editor that ship without declarations: they are imported for what they register. */
declare module 'monaco-editor/editor/browser/*'
declare module 'monaco-editor/editor/contrib/*'
declare module 'monaco-editor/languages/definitions/*'
declare module 'monaco-editor/languages/features/json/register'
