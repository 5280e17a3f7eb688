import type { Permission } from '@banyan/shared/api'
import type { Twin } from '@banyan/shared/language'
import type { RouteRecordRaw } from 'vue-router'
import type { IconName } from '../parts/icons'

/** What a folder of the console offers to the shell. */
export interface Section {
  title: Twin
  icon: IconName
  /** Who may see it; null means every member. */
  permission: Permission | null
  /** Heading it stands under in the rail; null stands at the top. */
  group: 'customers' | 'business' | 'guard' | 'settings' | null
  /** Where the rail's entry leads. */
  path: string
  routes: RouteRecordRaw[]
}
