import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const checkIn = ownDoing(defineAsyncComponent(() => import('./Quest.vue')), true, 'daily_offer')
