/** Outlines on a 24 × 24 field, drawn for this console. */
export const ICONS = {
  today: 'M12 3v2M12 19v2M4.2 4.2l1.4 1.4M18.4 18.4l1.4 1.4M3 12h2M19 12h2M4.2 19.8l1.4-1.4M18.4 5.6l1.4-1.4M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8Z',
  campaigns: 'M12 21v-8M12 16l-5-4M12 13l5-5M12 13V6M7 12V8M17 8V4.5M12 3.5v.01M4.5 6.5v.01M19.5 4v.01',
  leaderboard: 'M4 20h16M6 20v-6h4v6M10 20V6h4v14M14 20v-9h4v9',
  templates: 'M4 5a1 1 0 0 1 1-1h6v7H4V5ZM15 4h4a1 1 0 0 1 1 1v6h-5V4ZM4 15h7v5H5a1 1 0 0 1-1-1v-4ZM15 15h5v4a1 1 0 0 1-1 1h-4v-5Z',
  people: 'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.8 20c.5-3.6 3-5.5 6.2-5.5s5.7 1.9 6.2 5.5M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.9c1.8.8 2.9 2.5 3.2 5.1',
  levels: 'M4 19h16M4.5 19 3 8l5 4 4-7 4 7 5-4-1.5 11',
  rewards: 'M4 10h16v10H4V10ZM3 7h18v3H3V7ZM12 7v13M12 7c-1.5-4-6-4-6-1.5C6 7 9 7 12 7ZM12 7c1.5-4 6-4 6-1.5C18 7 15 7 12 7Z',
  store: 'M4 9l1.5-5h13L20 9M4 9v11h16V9M4 9c0 3.5 5.3 3.5 5.3 0 0 3.5 5.4 3.5 5.4 0 0 3.5 5.3 3.5 5.3 0M9.5 20v-5h5v5',
  orders: 'M6 3h12v18l-3-2-3 2-3-2-3 2V3ZM9.5 8h5M9.5 12h5',
  messages: 'M4 6a1 1 0 0 1 1-1h14a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V6ZM4.5 6.5 12 13l7.5-6.5',
  compliance: 'M12 3l7 3v5c0 4.5-2.8 8-7 10-4.2-2-7-5.5-7-10V6l7-3ZM9 12l2.2 2.2L15.5 10',
  settings: 'M4 7h10M18 7h2M4 17h2M10 17h10M16 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4ZM8 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4Z',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM20 20l-4-4',
  plus: 'M12 5v14M5 12h14',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  copy: 'M9 9h10v11H9V9ZM15 9V4H5v11h4',
  more: 'M6 12v.01M12 12v.01M18 12v.01',
  menu: 'M4 7h16M4 12h16M4 17h16',
  moon: 'M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z',
  arrow: 'M5 12h14M13 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  chevron: 'M9 6l6 6-6 6',
  trash: 'M5 7h14M10 7V4h4v3M7 7l1 13h8l1-13',
} as const

export type IconName = keyof typeof ICONS
