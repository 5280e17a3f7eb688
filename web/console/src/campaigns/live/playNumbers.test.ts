import { language } from '@banyan/shared/language'
import { expect, test } from 'vitest'
import { shown } from './playNumbers'

test('each unit is read as what it is', () => {
  language.value = 'en'
  expect(shown('count', 1234, 'CNY')).toBe('1,234')
  expect(shown('minor', 1250, 'CNY')).toBe('¥12.50')
  expect(shown('share', 714_286, 'CNY')).toBe('71.4%')
  expect(shown('hundredths', 267, 'CNY')).toBe('2.7')
  expect(shown('count', null, 'CNY')).toBe('–')
})

test('a span is told in its two largest units', () => {
  language.value = 'en'
  expect(shown('seconds', 45, 'CNY')).toBe('45 s')
  expect(shown('seconds', 725, 'CNY')).toBe('12 min 5 s')
  expect(shown('seconds', 7_320, 'CNY')).toBe('2 h 2 min')
})
