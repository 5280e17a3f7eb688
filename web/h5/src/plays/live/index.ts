import { defineAsyncComponent } from 'vue'
import { ownDoing } from '../../acts/own'

export const live = ownDoing(defineAsyncComponent(() => import('./Quest.vue')), true, 'enter_offer')
