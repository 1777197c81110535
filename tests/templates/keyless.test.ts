import { execFile } from 'node:child_process'
import { cp, mkdir, writeFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { content, startHttpServer } from '../support/httpServer.ts'
import { projectRoot, runTemplate } from '../support/runTemplate.ts'
import { sha256 } from '../support/sha256.ts'
import { tempFolder } from '../support/tempFolder.ts'

const git = promisify(execFile)

/** Matches a text that holds another. */
function textWith(part: string): unknown {
  return expect.stringContaining(part)
}

describe('link-checker', () => {
  it('finds the four broken links of the sample site, and reports their lines', async () => {
    const run = await runTemplate('link-checker')
    expect([run.exit, run.status]).toEqual([0, 'completed'])
    expect(run.output).toMatchObject({ pages: 4, links: 19, outside: 2 })
    expect(run.output['broken']).toEqual([
      {
        page: 'sample-site/guide/brakes.html',
        line: 12,
        link: '../images/brake-pad.png',
        reason: 'there is no file sample-site/images/brake-pad.png',
      },
      {
        page: 'sample-site/index.html',
        line: 13,
        link: 'guide/gears.html#indexing',
        reason: 'sample-site/guide/gears.html has no element with the id indexing',
      },
      {
        page: 'sample-site/index.html',
        line: 14,
        link: 'guide/tyres.html',
        reason: 'there is no file sample-site/guide/tyres.html',
      },
      {
        page: 'sample-site/opening-hours.html',
        line: 10,
        link: '#holidays',
        reason: 'sample-site/opening-hours.html has no element with the id holidays',
      },
    ])
    const report = await run.text('link-report.md')
    expect(report).toContain('19 links on 4 pages, 4 broken. 2 lead to other sites')
    expect(report).toContain(
      '| sample-site/index.html | 14 | guide/tyres.html | there is no file sample-site/guide/tyres.html |',
    )
  })

  it('checks a site that is the workspace itself', async () => {
    const folder = await tempFolder({
      'index.html': '<a href="/a/">A</a> <a href="b">B</a> <a href="%C3%BC.txt">U</a>',
      'a/index.html': '<a href="../index.html#x">x</a>',
      'b.html': '',
      'ü.txt': '',
    })
    const run = await runTemplate('link-checker', { folder, input: { site: '.' } })
    expect(run.output).toMatchObject({
      pages: 3,
      links: 4,
      broken: [{ page: 'a/index.html', link: '../index.html#x' }],
    })
  })

  it('fails at the listing of a folder that is not there, and on request on a broken link', async () => {
    const missing = await runTemplate('link-checker', { input: { site: 'no-such-folder' } })
    expect([missing.exit, missing.error]).toEqual([
      1,
      // Two listings run at once; either may be the first to say so.
      expect.objectContaining({ code: 'file-not-found', node: expect.stringMatching(/^(pages|files)$/) as string }),
    ])
    const strict = await runTemplate('link-checker', { input: { strict: true } })
    expect([strict.exit, strict.error]).toEqual([1, expect.objectContaining({ code: 'broken-links', node: 'refuse' })])
  })
})

describe('csv-report', () => {
  it('adds up each region, and names the row that has no number', async () => {
    const run = await runTemplate('csv-report')
    expect([run.exit, run.output['total'], run.output['skipped']]).toEqual([0, 1642.7, [{ row: 9, found: 'pending' }]])
    expect(run.output['groups']).toMatchObject([
      { region: 'North', count: 4, sum: 627.4, average: 156.85, min: 49.9, max: 349.5 },
      { region: 'South', count: 3, sum: 528.4 },
      { region: 'East', count: 2, sum: 348 },
      { region: 'West', count: 2, sum: 138.9 },
    ])
    expect(await run.text('report.md')).toContain('| North | 4 | 627.4 | 156.85 | 49.9 | 349.5 |')
    expect(JSON.parse(await run.text('report.json'))).toMatchObject({ rows: 12, total: 1642.7 })
  })

  it('groups by a column with quotes, separators and line breaks', async () => {
    const run = await runTemplate('csv-report', { input: { groupBy: 'product' } })
    const groups = run.output['groups']
    expect(groups).toMatchObject(
      ['Table', 'Chair', 'Rug,\nlarge', 'Lamp', 'Rug', 'Shelf "Oak"', 'Lamp, desk'].map((product) => ({ product })),
    )
  })

  it('fails with the columns there are where one is unknown', async () => {
    const run = await runTemplate('csv-report', { input: { groupBy: 'colour' } })
    expect([run.exit, run.error]).toEqual([
      1,
      expect.objectContaining({
        code: 'unknown-column',
        node: 'unknown',
        message: textWith('order, date, region, product, amount'),
      }),
    ])
  })
})

describe('git-changelog', () => {
  it('writes the changes of the sample history by kind', async () => {
    const run = await runTemplate('git-changelog')
    expect([run.exit, run.output]).toEqual([
      0,
      {
        commits: 12,
        counts: { feat: 3, fix: 3, docs: 1, perf: 1, breaking: 2, other: 2 },
        file: 'CHANGELOG.generated.md',
      },
    ])
    const text = await run.text('CHANGELOG.generated.md')
    expect(text).toMatch(
      /## Breaking changes\n\n- update the test data \([0-9a-f]+\)\n- \*\*store:\*\* keep entries in one file per feed/,
    )
    expect(text).toMatch(/## Fixed\n\n- \*\*search:\*\* find words with accents/)
    const since = await runTemplate('git-changelog', { folder: run.folder, input: { range: 'v2.0.0..HEAD' } })
    expect(since.output['commits']).toBe(3)
  })

  it('reads a repository of the workspace', async () => {
    const folder = await tempFolder()
    await git('git', ['clone', '--quiet', '--depth', '5', `file://${projectRoot}`, folder.at('clone')])
    const { stdout } = await git('git', ['-C', folder.at('clone'), 'log', '--no-merges', '--format=%h %s'])
    const run = await runTemplate('git-changelog', { folder, input: { repo: 'clone', title: 'What is new' } })
    const lines = stdout.trim().split('\n')
    expect(run.output['commits']).toBe(lines.length)
    const text = await run.text('CHANGELOG.generated.md')
    expect(text.startsWith('# What is new\n')).toBe(true)
    for (const line of lines) expect(text).toContain(`(${line.split(' ')[0] ?? ''})`)
  })

  it('fails at git log with the words of git, and takes no option for a range', async () => {
    const unknown = await runTemplate('git-changelog', { input: { range: 'v9.9.9..HEAD' } })
    expect([unknown.exit, unknown.error]).toEqual([
      1,
      expect.objectContaining({ code: 'shell-exit', node: 'log', message: textWith('v9.9.9..HEAD') }),
    ])
    const option = await runTemplate('git-changelog', { input: { range: '--output=stolen.txt' } })
    expect(option.exit).toBe(1)
    await expect(option.text('sample-history.git/stolen.txt')).rejects.toThrow('ENOENT')
  })
})

describe('release-checklist', () => {
  it('waits out the quiet time and signs the checklist', async () => {
    const run = await runTemplate('release-checklist', { input: { soak: '300ms' } })
    expect([run.exit, run.output['version']]).toEqual([0, '1.4.0'])
    expect(run.output['waitedMs']).toBeGreaterThanOrEqual(300)
    const text = await run.text('release-checklist.md')
    expect(text).toContain('# Release of sample-library 1.4.0')
    expect(text.match(/^- \[x\]/gm)).toHaveLength(8)
    expect(text).not.toContain('[ ]')
  })

  it('waits for an artefact that comes later', async () => {
    const folder = await tempFolder({
      'mine/package.json': '{"name":"mine","version":"2.0.0","license":"MIT"}',
      'mine/CHANGELOG.md': '# Changelog\n\n## [2.0.0]\n\n- All new.\n',
    })
    const running = runTemplate('release-checklist', { folder, input: { folder: 'mine', soak: '100ms' } })
    await mkdir(folder.at('mine/build'))
    await writeFile(folder.at('mine/build/mine-2.0.0.tgz'), 'packed')
    const run = await running
    expect([run.exit, run.output]).toMatchObject([0, { artefacts: [{ path: 'mine/build/mine-2.0.0.tgz', size: 6 }] }])
  })

  it('fails with every check that did not hold', async () => {
    const run = await runTemplate('release-checklist', { input: { version: '9.9.9' } })
    expect([run.exit, run.error]).toEqual([1, expect.objectContaining({ code: 'release-not-ready', node: 'notReady' })])
    expect(run.error?.['message']).toBe(
      'sample-library is not ready: the manifest says 9.9.9 (version is 1.4.0); the changelog has a section for 9.9.9 (no such heading).',
    )
  })
})

describe('health-check', () => {
  it('reports services that are down and succeeds, without any network', async () => {
    const run = await runTemplate('health-check')
    const down = run.output['down']
    expect([run.exit, Array.isArray(down) && down.at(-1)]).toEqual([
      0,
      expect.objectContaining({ name: 'Nothing listens here' }),
    ])
    expect(await run.text('health.md')).toContain('| Nothing listens here | **down** |')
    expect(await run.text('alerts.log')).toMatch(/^\d{4}-.*Z DOWN Nothing listens here http:\/\/127\.0\.0\.1:9\/: /m)
  })

  it('asks three times before it gives a service up, and believes a later answer', async () => {
    let asked = 0
    await using server = await startHttpServer({
      '/well': content('text/plain', 'ok'),
      '/shaky': (_request, response) => void response.writeHead(++asked < 3 ? 503 : 200).end(),
      '/broken': content('text/plain', 'no', 500),
      '/gone': content('text/plain', 'no', 404),
    })
    const targets = ['well', 'shaky', 'broken', 'gone'].map((name) => ({ name, url: `${server.url}/${name}` }))
    const folder = await tempFolder({ 'mine.json': JSON.stringify(targets) })
    const run = await runTemplate('health-check', { folder, input: { targets: 'mine.json' } })
    expect(run.output).toMatchObject({ up: 2, down: [{ name: 'broken' }, { name: 'gone' }] })
    const paths = server.seen.map((request) => request.path)
    expect(['/well', '/shaky', '/broken', '/gone'].map((path) => paths.filter((seen) => seen === path).length)).toEqual(
      [1, 3, 3, 1],
    )
    expect((await run.text('alerts.log')).trim().split('\n')).toHaveLength(2)
  })

  it('writes no alert where all is well, and fails without targets', async () => {
    await using server = await startHttpServer({ '/': content('text/plain', 'ok') })
    const folder = await tempFolder({
      'mine.json': JSON.stringify([{ name: 'a', url: server.url }]),
      'none.json': '[]',
    })
    const well = await runTemplate('health-check', { folder, input: { targets: 'mine.json' } })
    expect([well.exit, well.output]).toMatchObject([0, { up: 1, down: [] }])
    await expect(well.text('alerts.log')).rejects.toThrow('ENOENT')
    const none = await runTemplate('health-check', { folder, input: { targets: 'none.json' } })
    expect([none.exit, none.error]).toEqual([1, expect.objectContaining({ code: 'no-targets', node: 'nothing' })])
    const missing = await runTemplate('health-check', { folder, input: { targets: 'missing.json' } })
    expect(missing.error).toMatchObject({ code: 'file-not-found', node: 'targets' })
  })
})

describe('folder-digest', () => {
  it('hashes as sha256sum does, finds copies, and tells at the next run what changed', async () => {
    const folder = await tempFolder()
    await cp(`${projectRoot}/templates/folder-digest/sample-folder`, folder.at('mine'), { recursive: true })
    const first = await runTemplate('folder-digest', { folder, input: { folder: 'mine' } })
    expect([first.exit, first.output]).toMatchObject([
      0,
      { files: 4, bytes: 199, duplicates: [['mine/drafts/soup-copy.md', 'mine/soup.md']] },
    ])
    const lines = (await first.text('SHA256SUMS')).trim().split('\n')
    expect(lines).toContain(`${sha256(await first.text('mine/bread.md'))}  mine/bread.md`)
    expect(lines.map((line) => line.slice(66))).toEqual([
      'mine/bread.md',
      'mine/drafts/soup-copy.md',
      'mine/soup.md',
      'mine/times.csv',
    ])

    await writeFile(folder.at('mine/bread.md'), 'changed')
    await writeFile(folder.at('mine/new.md'), 'new')
    await git('rm', [folder.at('mine/times.csv')])
    const second = await runTemplate('folder-digest', { folder, input: { folder: 'mine' } })
    expect(second.output).toMatchObject({
      added: ['mine/new.md'],
      changed: ['mine/bread.md'],
      removed: ['mine/times.csv'],
    })
    expect(await second.text('digest.md')).toContain('## Removed\n\n- mine/times.csv')
    const third = await runTemplate('folder-digest', { folder, input: { folder: 'mine' } })
    expect(third.output).toMatchObject({ added: [], changed: [], removed: [] })
    expect(await third.text('digest.md')).toContain('Nothing has changed')
  })

  it('fails where the folder is not there, or the last hashes cannot be read', async () => {
    const missing = await runTemplate('folder-digest', { input: { folder: 'no-such-folder' } })
    expect([missing.exit, missing.error]).toEqual([
      1,
      expect.objectContaining({ code: 'file-not-found', node: 'list' }),
    ])
    const folder = await tempFolder({ 'SHA256SUMS/keep': '' })
    const unreadable = await runTemplate('folder-digest', { folder })
    expect([unreadable.exit, unreadable.error]).toEqual([
      1,
      expect.objectContaining({ code: 'file-not-regular', node: 'unreadable' }),
    ])
  })
})
