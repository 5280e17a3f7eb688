import { setLanguage } from '@banyan/shared/language'
import { mount } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import Listen from './Listen.vue'
import { spokenWords } from './spoken'

const PAGE = `
  <h1 class="hero-title">帮林**拿\nT 恤</h1>
  <section class="standing"><h2>已经凑满</h2><p>奖励已放进「我的」。</p></section>
  <div class="ring" aria-label="已有 3 位，已经凑满"><span>3/3</span></div>
  <button class="big">查看奖励</button>`

const speak = vi.fn()
const cancel = vi.fn()
class Said {
  lang = ''
  rate = 1
  onend: (() => void) | null = null
  onerror: (() => void) | null = null
  constructor(public text: string) {}
}

function giveVoice(): void {
  vi.stubGlobal('speechSynthesis', { speak, cancel })
  vi.stubGlobal('SpeechSynthesisUtterance', Said)
}

afterEach(() => {
  vi.unstubAllGlobals()
  speak.mockClear()
  cancel.mockClear()
  document.body.innerHTML = ''
})

describe('what is read aloud', () => {
  it('is the headline, where things stand and the next step, as the page shows them', () => {
    document.body.innerHTML = PAGE
    expect(spokenWords(document)).toBe('帮林**拿 T 恤。 已经凑满。 奖励已放进「我的」。 已有 3 位，已经凑满。 查看奖励。')
  })
})

describe('the button', () => {
  it('is not there where the browser has no voice', () => {
    vi.stubGlobal('SpeechSynthesisUtterance', undefined)
    delete (window as { SpeechSynthesisUtterance?: unknown }).SpeechSynthesisUtterance
    expect(mount(Listen).find('button').exists()).toBe(false)
  })

  it('speaks only when it is pressed, and is quiet when it is pressed again', async () => {
    giveVoice()
    setLanguage('zh')
    document.body.innerHTML = PAGE
    const shown = mount(Listen)
    expect(speak).not.toHaveBeenCalled()
    await shown.get('button').trigger('click')
    const said = speak.mock.calls[0]![0] as Said
    expect([said.lang, said.text.includes('查看奖励')]).toEqual(['zh-CN', true])
    expect(shown.text()).toBe('停下')
    cancel.mockClear()
    await shown.get('button').trigger('click')
    expect(cancel).toHaveBeenCalledOnce()
    expect([shown.text(), speak.mock.calls.length]).toEqual(['听一听', 1])
  })

  it('can be pressed again once everything is said', async () => {
    giveVoice()
    const shown = mount(Listen)
    await shown.get('button').trigger('click')
    ;(speak.mock.calls[0]![0] as Said).onend!()
    await shown.vm.$nextTick()
    expect(shown.get('button').attributes('aria-pressed')).toBe('false')
  })
})
