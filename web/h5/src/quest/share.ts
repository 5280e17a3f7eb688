import { computed } from 'vue'
import { page } from '../page/page'
import { playOf } from '../plays'
import { say, t } from '../words'

/** The own quest's link, whole, ready to be pasted anywhere. */
export const shareAddress = computed(() => {
  const url = page.state.my_quest?.share_url
  return url ? new URL(url, location.href).href : ''
})

/** Words to send along. They say that the sender may be rewarded: whoever reads them should know. */
export const shareMessage = computed(() => {
  const campaign = page.state.campaign
  const title = (say(campaign?.page.share?.title) || say(campaign?.page.title) || campaign?.name || '').replace(/\s*\n\s*/g, ' ')
  const host = campaign?.host.name || page.state.workspace?.name || ''
  const offer = say(playOf(campaign?.play).friendOffer()?.name)
  return offer ? t('share_text_gift', { title, host, offer }) : t('share_text', { title, host })
})
