/** Parts of the editor that ship without declarations: they are imported for what they register. */
declare module 'monaco-editor/languages/definitions/*'
